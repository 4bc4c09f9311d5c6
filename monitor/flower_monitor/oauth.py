"""Which provider tells who somebody is, as the settings say it. Pure."""

from typing import Literal

import msgspec

ProviderName = Literal["google", "github", "gitlab", "okta", "oidc"]

FLOWER_HANDLERS: dict[str, ProviderName] = {
    "flower.views.auth.GoogleAuth2LoginHandler": "google",
    "flower.views.auth.GithubLoginHandler": "github",
    "flower.views.auth.GitLabLoginHandler": "gitlab",
    "flower.views.auth.OktaLoginHandler": "okta",
}
"""What Flower's `auth_provider` calls them."""


class OAuth(msgspec.Struct, frozen=True, kw_only=True):
    """A provider, and whom of those it knows is let in."""

    provider: ProviderName
    client_id: str
    client_secret: str
    redirect_uri: str
    """The address of our `/login` as browsers see it; the provider has to know it."""

    allowed: tuple[str, ...] = ()
    """Patterns of names that may come in (web/roles.py), usually e-mail addresses."""

    groups: tuple[str, ...] = ()
    """Groups of which one suffices too; GitLab, and OpenID Connect with a `groups` claim."""

    base_url: str = ""
    """Issuer of OpenID Connect; for GitHub and GitLab the address of the server."""

    name_claim: str = "email"
    """Claim of OpenID Connect that names somebody. `email` counts only when the provider says that it is verified."""

    access_level: int | None = None
    """GitLab: least level of access that membership in a group has to have, such as 30 for developers."""
