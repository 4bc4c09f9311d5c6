"""GitHub, which speaks OAuth 2 but not OpenID Connect for people."""

from collections.abc import Mapping

from flower_monitor.oauth import OAuth
from flower_monitor.web.oauth.provider import client_of, json_of, new_pending, refused, token_of
from flower_monitor.web.oauth.sessions import Identity, Pending
from flower_monitor.web.roles import matches

GITHUB = "https://github.com"


class GitHub:
    """Somebody is whichever of their verified addresses may come in."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._base = (oauth.base_url or GITHUB).rstrip("/")
        self._api = "https://api.github.com" if self._base == GITHUB else f"{self._base}/api/v3"

    async def begin(self, following: str) -> tuple[str, Pending]:
        """See `provider.Provider`."""
        pending = new_pending(following)
        async with client_of(self._oauth, "user:email") as client:
            url, _ = client.create_authorization_url(
                f"{self._base}/login/oauth/authorize", state=pending.state, code_verifier=pending.verifier
            )
        return url, pending

    async def finish(self, answer: Mapping[str, str], pending: Pending) -> Identity:
        """See `provider.Provider`."""
        async with client_of(self._oauth, "user:email") as client:
            await token_of(client, f"{self._base}/login/oauth/access_token", answer, pending)
            known = await json_of(client, f"{self._api}/user/emails", per_page=100)
        verified = [str(one["email"]) for one in known if one.get("verified")]
        if not verified:
            raise refused("GitHub has verified none of your e-mail addresses")
        fitting = [name for name in verified if any(matches(one, name) for one in self._oauth.allowed)]
        return Identity((fitting or verified)[0])
