"""Logging in by a provider: from the first redirect to the cookie that says who somebody is."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from flower_monitor.config import Config
from flower_monitor.oauth import OAuth
from flower_monitor.web.credentials import Principal
from flower_monitor.web.oauth.github import GitHub
from flower_monitor.web.oauth.oidc import OpenIDConnect
from flower_monitor.web.oauth.provider import Provider, refused
from flower_monitor.web.oauth.sessions import (
    LASTS,
    PENDING,
    PENDING_LASTS,
    SESSION,
    Identity,
    Pending,
    Sealed,
    key_of,
)
from flower_monitor.web.roles import matches, role_of


class SessionLogin:
    """Lets in whom a provider vouches for.

    Args:
        oauth: The provider, and who may come in.
        config: The monitor's settings.
        provider: Who is asked.
    """

    def __init__(self, oauth: OAuth, config: Config, provider: Provider) -> None:
        key = key_of(config.store, config.cookie_secret)
        path, secure = f"{config.url_prefix}/", oauth.redirect_uri.startswith("https://")
        self._oauth = oauth
        self._prefix = config.url_prefix
        self._roles = config.roles
        self._provider = provider
        self._session = Sealed(key, SESSION, Identity, LASTS, path, secure=secure)
        self._pending = Sealed(key, PENDING, Pending, PENDING_LASTS, path, secure=secure)

    def principal(self, cookies: Mapping[str, str]) -> Principal | None:
        """Who is logged in. Whether they may come in is asked anew each time, by the rule of the login itself."""
        identity: Identity | None = self._session.get(cookies)
        if identity is None or not self._welcome(identity):
            return None
        return self._as(identity)

    async def begin(self, following: str) -> Response:
        """Send a browser to the provider.

        Args:
            following: Path that was asked for; anything but a path of ours is ignored.

        Raises:
            Problem: The provider can't be asked.
        """
        url, pending = await self._provider.begin(_own_path(following))
        response = RedirectResponse(url, HTTPStatus.FOUND)
        self._pending.put(response, pending)
        return response

    async def finish(self, answer: Mapping[str, str], cookies: Mapping[str, str]) -> tuple[Principal, Response]:
        """Take a browser in that comes back from the provider.

        Raises:
            Problem: It is not let in.
        """
        pending: Pending | None = self._pending.get(cookies)
        if pending is None:
            raise refused("no login began in this browser, or it took longer than ten minutes; log in again")
        identity = await self._provider.finish(answer, pending)
        if not self._welcome(identity):
            raise refused(f"{identity.name} is not among those who may come in (--auth). Ask who runs this monitor")
        response = RedirectResponse(f"{self._prefix}{pending.next}", HTTPStatus.FOUND)
        self._session.put(response, identity)
        self._pending.drop(response)
        return self._as(identity), response

    def leave(self, response: Response) -> None:
        """Log a browser out."""
        self._session.drop(response)

    def _as(self, identity: Identity) -> Principal:
        return Principal(identity.name, role_of(identity.name, self._roles, identity.groups))

    def _welcome(self, identity: Identity) -> bool:
        named = any(matches(pattern, identity.name) for pattern in self._oauth.allowed)
        return named or not set(self._oauth.groups).isdisjoint(identity.groups)


def session_login(config: Config) -> SessionLogin | None:
    """The login by the configured provider; None where there is none."""
    oauth = config.oauth
    if oauth is None:
        return None
    provider: Provider = GitHub(oauth) if oauth.provider == "github" else OpenIDConnect(oauth)
    return SessionLogin(oauth, config, provider)


def _own_path(text: str) -> str:
    """A path of ours, or the start: `//evil.example` and `/\\evil.example` lead elsewhere (Flower follows them)."""
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if own else "/"
