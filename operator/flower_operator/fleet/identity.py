"""Who is behind a request. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

User = Mapping[str, Any]
"""`status.user` of a TokenReview: username, uid, groups, extra."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The person or program behind a request."""

    name: str
    user: User | None = field(default=None, compare=False, repr=False)
    """Whom to ask Kubernetes about; None: whoever knows the password of the fleet's Secret."""
    digest: bytes = field(default=b"", compare=False, repr=False)
    """Stands for `user`, groups and all, where answers about them are kept."""


def identity_of(user: User) -> Identity:
    """The identity of somebody whom Kubernetes knows."""
    encoded = msgspec.json.encode(user, order="deterministic")
    return Identity(str(user.get("username", "")), user, hashlib.sha256(encoded).digest())


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not pass."""

    status: int
    detail: str


Verdict = Identity | Refusal
