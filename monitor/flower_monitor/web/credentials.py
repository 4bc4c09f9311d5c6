"""Who may log in, and the check of one request's `Authorization` header against it.

Secrets are kept and compared as SHA-256 digests: `hmac.compare_digest` then sees bytes of equal length
whatever was sent (Flower compares text and answers 500 to a password outside ASCII), and every entry is
compared, so the time taken tells neither which user exists nor how much of a password was right.
Hashed passwords (passwords.py) take their time; they are looked at apart.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from flower_monitor.web.permissions import Permission, Role


@dataclass(frozen=True)
class Principal:
    """The one behind a request."""

    name: str
    role: Role
    only: frozenset[Permission] | None = None
    """All that a scoped token may of what its role may; None: everything."""

    def may(self, permission: Permission) -> bool:
        """Whether they hold a permission."""
        return self.role.may(permission) and (self.only is None or permission in self.only)


@dataclass(frozen=True)
class Secret:
    """The digest of something that lets its holder in, and as whom."""

    principal: Principal

    digest: bytes = field(repr=False)
    """SHA-256 of `user:password` in UTF-8, or of the token."""

    expires: float | None = None
    """Epoch seconds from which on it lets nobody in; None: never."""


@dataclass(frozen=True)
class Hashed:
    """A user of whose password there is a bcrypt hash only."""

    principal: Principal
    hash: bytes = field(repr=False)


@dataclass(frozen=True)
class Credentials:
    """Everything that lets somebody in at one moment."""

    users: tuple[Secret, ...] = ()
    tokens: tuple[Secret, ...] = ()
    hashed: tuple[Hashed, ...] = ()

    def __add__(self, other: "Credentials") -> "Credentials":
        return Credentials(self.users + other.users, self.tokens + other.tokens, self.hashed + other.hashed)


class Claim(NamedTuple):
    """What an `Authorization: Basic` header says."""

    name: str
    password: bytes


def user(name: str, password: str, role: Role = Role.ADMIN) -> Secret:
    """One who logs in with name and password."""
    return Secret(Principal(name, role), digest(f"{name}:{password}".encode()))


def token(name: str, text: str) -> Secret:
    """The holder of a bearer token, with full rights."""
    return Secret(Principal(name, Role.ADMIN), digest(text.encode()))


def authenticate(header: bytes | None, credentials: Credentials, now: float = 0.0) -> Principal | None:
    """The one whose `Authorization` header this is, or None for a missing, malformed or wrong one.

    Users with hashed passwords are not among them.
    """
    scheme, value = _split(header)
    match scheme:
        case b"basic":
            return _find(_decode_basic(value), credentials.users, now)
        case b"bearer":
            return _find(value, credentials.tokens, now)
        case _:
            return None


def basic(header: bytes | None) -> Claim | None:
    """Name and password of a header; None when it has none."""
    scheme, value = _split(header)
    decoded = _decode_basic(value) if scheme == b"basic" else None
    if decoded is None:
        return None
    name, _, password = decoded.partition(b":")
    return Claim(name.decode("utf-8", "replace"), password)


def digest(data: bytes) -> bytes:
    """How secrets are kept and compared."""
    return hashlib.sha256(data).digest()


def _split(header: bytes | None) -> tuple[bytes, bytes]:
    scheme, _, value = (header or b"").strip().partition(b" ")
    return scheme.lower(), value.strip()


def _decode_basic(value: bytes) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return None


def _find(sent: bytes | None, secrets: Iterable[Secret], now: float) -> Principal | None:
    found = None
    sent_digest = digest(sent or b"")
    for secret in secrets:
        if hmac.compare_digest(sent_digest, secret.digest) and (secret.expires is None or now < secret.expires):
            found = secret.principal
    return found
