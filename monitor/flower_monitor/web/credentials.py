"""Who may log in, and the check of one request's `Authorization` header against it.

Secrets are kept and compared as SHA-256 digests: `hmac.compare_digest` then sees bytes of equal length
whatever was sent (Flower compares text and answers 500 to a password outside ASCII), and every entry is
compared, so the time taken tells neither which user exists nor how much of a password was right.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from flower_monitor.web.permissions import Role


@dataclass(frozen=True)
class Secret:
    """The digest of something that lets its holder in, and as what."""

    name: str
    """Whom the holder is called in logs."""

    digest: bytes
    """SHA-256 of `user:password` in UTF-8, or of the token."""

    role: Role


@dataclass(frozen=True)
class Principal:
    """The one behind a request."""

    name: str
    role: Role


@dataclass(frozen=True)
class Credentials:
    """Everything that lets somebody in at one moment."""

    users: tuple[Secret, ...] = ()
    tokens: tuple[Secret, ...] = ()

    def __add__(self, other: "Credentials") -> "Credentials":
        return Credentials(self.users + other.users, self.tokens + other.tokens)


def user(name: str, password: str) -> Secret:
    """One who logs in with name and password, with full rights."""
    return Secret(name, _digest(f"{name}:{password}".encode()), Role.ADMIN)


def token(name: str, text: str) -> Secret:
    """The holder of a bearer token, with full rights."""
    return Secret(name, _digest(text.encode()), Role.ADMIN)


def authenticate(header: bytes | None, credentials: Credentials) -> Principal | None:
    """The one whose `Authorization` header this is, or None for a missing, malformed or wrong one."""
    scheme, _, value = (header or b"").strip().partition(b" ")
    match scheme.lower():
        case b"basic":
            return _find(_decode_basic(value), credentials.users)
        case b"bearer":
            return _find(value.strip(), credentials.tokens)
        case _:
            return None


def _decode_basic(value: bytes) -> bytes | None:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        return None


def _find(sent: bytes | None, secrets: Iterable[Secret]) -> Principal | None:
    found = None
    digest = _digest(sent or b"")
    for secret in secrets:
        if hmac.compare_digest(digest, secret.digest):
            found = Principal(secret.name, secret.role)
    return found


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
