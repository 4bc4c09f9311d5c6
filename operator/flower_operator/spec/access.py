"""Who may log in, and what they may."""

from typing import Literal

import msgspec

from .part import Part, SecretKey, SecretName


class UsersKey(SecretKey, frozen=True, rename="camel"):
    key: str = "users"


class TokensKey(SecretKey, frozen=True, rename="camel"):
    key: str = "tokens"


class CookieKey(SecretKey, frozen=True, rename="camel"):
    key: str = "cookie"


class ClientSecretKey(SecretKey, frozen=True, rename="camel"):
    key: str = "clientSecret"


class Roles(msgspec.Struct, frozen=True, omit_defaults=True):
    """Patterns of names by role."""

    viewer: list[str] = []
    operator: list[str] = []
    admin: list[str] = []


class OAuth(Part, frozen=True, rename="camel"):
    provider: Literal["oidc", "google", "github", "gitlab", "okta"]
    client_id: str
    client_secret_ref: ClientSecretKey
    redirect_uri: str
    allowed: list[str] = []
    groups: list[str] = []
    base_url: str | None = None
    min_access_level: int | None = None
    name_claim: str | None = None


class Access(Part, frozen=True, rename="camel"):
    admin_secret_ref: SecretName | None = None
    users_secret_ref: UsersKey | None = None
    tokens_secret_ref: TokensKey | None = None
    roles: Roles | None = None
    oauth: OAuth | None = None
    cookie_secret_ref: CookieKey | None = None
    rotation_overlap: str | None = None
    """None is the operator's own default (resources/rotation.py)."""
