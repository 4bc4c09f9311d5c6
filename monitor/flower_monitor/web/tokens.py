"""API tokens: made once, shown once, kept as hashes, with a role, perhaps less of it, and an end. Pure.

A file of them is a JSON list, or one object a line as `flower-monitor token` prints it:

    {"name": "keda", "sha256": "9f86…", "role": "viewer", "expires": "2027-03-01T00:00:00Z"}
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from flower_monitor.web.credentials import Principal, Secret, digest
from flower_monitor.web.permissions import Permission
from flower_monitor.web.roles import ROLES

PREFIX = "fmt_"
"""What every token begins with, so that scanners for leaked secrets can know one."""


class StoredToken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A token as it is kept."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    """Whom its holder is called in logs and in the audit."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    role: str = "viewer"
    permissions: tuple[Permission, ...] | None = None
    """All that it may of what its role may, as `["view"]`; None: everything."""

    expires: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """From when on it lets nobody in; None: never."""


def make(name: str, role: str, permissions: Sequence[Permission] | None, days: float | None) -> tuple[str, StoredToken]:
    """A new token, and what is kept of it."""
    text = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC).timestamp()
    expires = None if days is None else datetime.fromtimestamp(int(now + days * 86400), UTC)
    stored = StoredToken(
        name=name,
        sha256=digest(text.encode()).hex(),
        role=role,
        permissions=tuple(permissions) if permissions else None,
        expires=expires,
    )
    return text, stored


def parse(text: str) -> tuple[Secret, ...]:
    """The tokens of a file.

    Raises:
        ValueError: One is wrong; it says which, and what of it.
    """
    stripped = text.strip()
    if stripped.startswith("["):
        try:
            return tuple(map(_secret, msgspec.json.decode(stripped, type=list[StoredToken])))
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error
    return tuple(_line(number, line) for number, line in enumerate(stripped.splitlines(), 1) if line.strip())


def _line(number: int, line: str) -> Secret:
    try:
        return _secret(msgspec.json.decode(line, type=StoredToken))
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error


def _secret(stored: StoredToken) -> Secret:
    role = ROLES.get(stored.role)
    if role is None:
        raise ValueError(f"{stored.name}: there is no role {stored.role!r}; there are {', '.join(ROLES)}")
    only = None if stored.permissions is None else frozenset(stored.permissions)
    expires = None if stored.expires is None else stored.expires.timestamp()
    return Secret(Principal(stored.name, role, only), bytes.fromhex(stored.sha256), expires)
