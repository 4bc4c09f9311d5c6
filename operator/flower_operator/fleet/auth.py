"""Who gets in: whoever knows the password of the fleet's Secret, and whom Kubernetes knows; `rights.py` says to what.

Everything is closed but `OPEN_PATHS`: the check sits before the router, so no new route and no file can forget it.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flower_operator.fleet.addresses import is_api
from flower_operator.fleet.identity import Identity, Refusal, Verdict
from flower_operator.fleet.origin import is_cross_site_write
from flower_operator.fleet.problems import answer, problem

OPEN_PATHS = frozenset({"/livez", "/readyz"})
"""Asked by the kubelet, which has no credentials; they tell nothing about monitors."""


TOKEN_USER = "token"  # noqa: S105 - a user name
"""Who gives this user name gives a Kubernetes token as password: a browser can't send a bearer token by itself."""

CheckToken = Callable[[str], Awaitable[Verdict]]


class Credentials(Protocol):
    """The user name and password of the fleet's Secret."""

    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...


class Authenticator:
    """Turns the Authorization header of a request into an identity, or a reason why not."""

    def __init__(self, credentials: Callable[[], Credentials | None], check_token: CheckToken) -> None:
        self._credentials = credentials
        self._check_token = check_token

    async def check(self, authorization: str | None) -> Verdict:
        """Judge one request."""
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() == "bearer" and value.strip():
            return await self._check_token(value.strip())
        if scheme.lower() == "basic":
            username, password = decode_basic(value.strip())
            if username == TOKEN_USER and password:
                return await self._check_token(password)
            return self._check_password(username, password)
        return Refusal(
            401,
            f"Log in as `{TOKEN_USER}` with a Kubernetes token as password (or send it as bearer token), or with the"
            " user name and password of Secret flower-operator-fleet.",
        )

    def _check_password(self, username: str, password: str) -> Verdict:
        known = self._credentials()
        if known is None:
            return Refusal(503, "The fleet has not read Secret flower-operator-fleet yet; its log says why.")
        # Both are always compared, and hashes of them, so that the time it takes tells nothing of either.
        same = _same(username, known.username) & _same(password, known.password)
        return Identity(known.username) if same else Refusal(401, "Wrong user name or password.")


def decode_basic(value: str) -> tuple[str, str]:
    """User name and password of a Basic header; empty ones when it is malformed, which match nobody."""
    try:
        username, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (username, password) if colon else ("", "")


def _same(given: str, known: str) -> bool:
    digests = [hashlib.sha256(text.encode()).digest() for text in (given, known)]
    return bool(known) and hmac.compare_digest(*digests)


class AuthMiddleware:
    """Lets only known requests through, with `scope["identity"]` set."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_cross_site_write(scope["method"], headers):
            await problem(403, "Refused: a page of another site sent it (Origin, Sec-Fetch-Site).")(
                scope, receive, send
            )
            return
        verdict = await self._authenticator.check(headers.get("authorization"))
        if isinstance(verdict, Identity):
            scope["identity"] = verdict
            await self._app(scope, receive, send)
            return
        await _refuse(scope, verdict)(scope, receive, send)


def _refuse(scope: Scope, refusal: Refusal) -> ASGIApp:
    headers = {}
    # An API gives no challenge: a browser would open its login box over the page that asked.
    if refusal.status == 401 and not is_api(scope["path"]):
        headers["WWW-Authenticate"] = 'Basic realm="flower", charset="UTF-8"'
    if refusal.status == 503:
        headers["Retry-After"] = "2"
    return answer(Request(scope), refusal.status, refusal.detail, headers)
