"""Asking a provider who somebody is."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from flower_monitor.oauth import OAuth
from flower_monitor.web.oauth.sessions import Identity, Pending
from flower_monitor.web.problems import Problem

TIMEOUT = 10.0
"""Seconds for each answer of the provider."""


class Provider(Protocol):
    """Somebody who tells who people are."""

    async def begin(self, following: str) -> tuple[str, Pending]:
        """Where to send a browser for a login, and what to remember until it comes back to ask for `following`."""

    async def finish(self, answer: Mapping[str, str], pending: Pending) -> Identity:
        """Whom the provider vouches for.

        Args:
            answer: The query with which the browser came back.
            pending: What was remembered.

        Raises:
            Problem: It vouches for nobody, or can't be asked.
        """


def new_pending(following: str) -> Pending:
    """Secrets for a login that begins."""
    return Pending(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), following)


def client_of(oauth: OAuth, scope: str) -> Any:
    """An HTTP client that speaks OAuth 2 for us."""
    from authlib.integrations.httpx_client import AsyncOAuth2Client

    return AsyncOAuth2Client(
        oauth.client_id,
        oauth.client_secret,
        scope=scope,
        redirect_uri=oauth.redirect_uri,
        code_challenge_method="S256",
        timeout=TIMEOUT,
    )


async def json_of(client: Any, url: str, *, bearer: bool = True, **query: Any) -> Any:
    """The JSON at an address of the provider.

    Args:
        client: The client.
        url: The address.
        bearer: Whether to show the token that it got.
        query: Parameters.

    Raises:
        Problem: It can't be had.
    """
    headers = {"Accept": "application/json"}
    response = await client.request("GET", url, params=query, headers=headers, withhold_token=not bearer)
    if response.status_code != HTTPStatus.OK:
        raise unavailable(f"{url.partition('?')[0]} answered {response.status_code}")
    return response.json()


async def token_of(client: Any, url: str, answer: Mapping[str, str], pending: Pending) -> dict[str, Any]:
    """The tokens that a code is worth.

    Raises:
        Problem: The provider refused, or the answer does not fit what was begun here.
    """
    import httpx2
    from authlib.integrations.base_client import OAuthError

    if "error" in answer:
        raise refused(f"the provider says: {answer.get('error_description') or answer['error']}"[:300])
    if not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()) or "code" not in answer:
        raise refused("the answer of the provider is not that of a login that began in this browser; log in again")
    try:
        found: dict[str, Any] = await client.fetch_token(url, code=answer["code"], code_verifier=pending.verifier)
    except OAuthError as error:
        raise refused(f"the provider took back its word: {error}"[:300]) from error
    except httpx2.HTTPError as error:
        raise unavailable(str(error) or type(error).__name__) from error
    return found


def refused(why: str) -> Problem:
    """Nobody is logged in."""
    return Problem(HTTPStatus.FORBIDDEN, "login-refused", f"You are not logged in: {why}")


def unavailable(why: str) -> Problem:
    """The provider can't be asked."""
    return Problem(HTTPStatus.BAD_GATEWAY, "provider", f"The login provider can't be asked: {why}. Try again")
