"""OpenID Connect: Google, Okta, GitLab, and any other issuer."""

import time
from collections.abc import Mapping
from typing import Any

from flower_monitor.oauth import OAuth
from flower_monitor.web.oauth.provider import (
    client_of,
    json_of,
    new_pending,
    refused,
    token_of,
    unavailable,
)
from flower_monitor.web.oauth.sessions import Identity, Pending

GOOGLE = "https://accounts.google.com"

KNOWN = 3600.0
"""Seconds that what an issuer says of itself, and its keys, are not asked for again."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures of an ID token that are believed: those that the issuer alone can make."""

LEEWAY = 60
"""Seconds that the issuer's clock may differ."""


class OpenIDConnect:
    """A provider that signs who somebody is."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._issuer = (oauth.base_url or GOOGLE).rstrip("/")
        self._scope = "openid email profile" + (" read_api" if oauth.provider == "gitlab" and oauth.groups else "")
        self._known: tuple[float, dict[str, Any], Any] | None = None

    async def begin(self, following: str) -> tuple[str, Pending]:
        """See `provider.Provider`."""
        pending = new_pending(following)
        async with client_of(self._oauth, self._scope) as client:
            issuer, _ = await self._about(client)
            url, _ = client.create_authorization_url(
                issuer["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return url, pending

    async def finish(self, answer: Mapping[str, str], pending: Pending) -> Identity:
        """See `provider.Provider`."""
        async with client_of(self._oauth, self._scope) as client:
            issuer, keys = await self._about(client)
            tokens = await token_of(client, issuer["token_endpoint"], answer, pending)
            claims = self._claims(tokens, keys, pending)
            if self._oauth.name_claim not in claims and "userinfo_endpoint" in issuer:
                told = await json_of(client, issuer["userinfo_endpoint"])
                if told.get("sub") == claims["sub"]:  # OpenID Connect Core 5.3.2
                    claims = {**told, **claims}
            return Identity(self._name(claims), await self._groups(client, claims))

    async def _about(self, client: Any) -> tuple[dict[str, Any], Any]:
        """What the issuer says of itself, and its keys."""
        import httpx2
        from joserfc.jwk import KeySet

        if self._known is not None and time.monotonic() < self._known[0]:
            return self._known[1:]
        try:
            about = await json_of(client, f"{self._issuer}/.well-known/openid-configuration", bearer=False)
            if str(about.get("issuer", "")).rstrip("/") != self._issuer:
                raise unavailable(f"{self._issuer} calls itself {about.get('issuer')}: correct the issuer's address")
            keys = KeySet.import_key_set(await json_of(client, about["jwks_uri"], bearer=False))
        except (httpx2.HTTPError, KeyError, ValueError) as error:
            raise unavailable(f"{self._issuer}: {str(error) or type(error).__name__}") from error
        self._known = time.monotonic() + KNOWN, about, keys
        return about, keys

    def _claims(self, tokens: dict[str, Any], keys: Any, pending: Pending) -> dict[str, Any]:
        """What the ID token says, once it is known to be for this login."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            claims: dict[str, Any] = jwt.decode(tokens["id_token"], keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "values": [self._issuer, f"{self._issuer}/"]},
                aud={"essential": True, "value": self._oauth.client_id},
                exp={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": pending.nonce},
            ).validate(claims)
        except (JoseError, KeyError, ValueError) as error:
            self._known = None  # the issuer may have new keys
            raise refused(f"the provider's ID token is not valid: {str(error) or type(error).__name__}") from error
        return claims

    def _name(self, claims: dict[str, Any]) -> str:
        claim = self._oauth.name_claim
        name = claims.get(claim)
        if not isinstance(name, str) or not name:
            raise refused(f"the provider says no {claim} of you")
        # Google, Okta and GitLab all say whether it is; text is how some say it.
        if claim == "email" and str(claims.get("email_verified")).lower() != "true":
            raise refused(f"the provider has not verified the e-mail address {name}")
        return name

    async def _groups(self, client: Any, claims: dict[str, Any]) -> tuple[str, ...]:
        if self._oauth.provider == "gitlab" and self._oauth.groups:
            return await gitlab_groups(client, self._issuer, self._oauth.access_level)
        told = claims.get("groups", ())
        return tuple(map(str, told)) if isinstance(told, list) else ()


async def gitlab_groups(client: Any, base: str, level: int | None) -> tuple[str, ...]:
    """All pages of the groups that somebody is in; Flower reads the first twenty."""
    found: list[str] = []
    query: dict[str, Any] = {"per_page": 100} | ({} if level is None else {"min_access_level": level})
    page = 1
    while True:
        groups = await json_of(client, f"{base}/api/v4/groups", page=page, **query)
        found += [str(group["full_path"]) for group in groups]
        if len(groups) < query["per_page"]:
            return tuple(found)
        page += 1
