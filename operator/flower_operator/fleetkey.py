"""The key that lets the fleet and the controller read every monitor without reading anybody's credentials.

Each monitor is told the SHA-256 of one token in its config Secret; whoever holds the key derives the token.
The controller (writes the digests, polls) and the fleet (polls) share nothing but this Secret.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from . import constants
from .exceptions import Conflict, StartError
from .kinds import SECRET, Manifest
from .kube import KubeApi

KEY_BYTES = 32
"""Random bytes in a new key: the output length of SHA-256, beyond which HMAC gains nothing."""

FLEET_USER = "admin"
"""User name of a new Secret for the fleet page."""


@dataclass(frozen=True, repr=False)
class FleetSecret:
    """Content of the Secret `flower-operator-fleet`; without a repr, so that no log ever shows it."""

    username: str
    """Who may log in to the fleet page by HTTP Basic."""
    password: str
    key: bytes
    """What every monitor's fleet token is derived from: the value of the Secret as it is, not decoded further."""


def derive(key: bytes, namespace: str, name: str) -> str:
    """Derive the fleet token of a monitor: HMAC-SHA256 of NAMESPACE/NAME, base64url without padding."""
    digest_ = hmac.digest(key, f"{namespace}/{name}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest_).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Hash a token the way a monitor is told of it: SHA-256, hex. Its 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def get_or_create(api: KubeApi, namespace: str) -> FleetSecret:
    """Read the Secret; make it when there is none. Whoever is first wins, and it is never overwritten."""
    found = await api.find(SECRET, namespace, constants.FLEET_SECRET)
    if found is None:
        try:
            found = await api.create(SECRET, namespace, _new())
        except Conflict:
            found = await api.get(SECRET, namespace, constants.FLEET_SECRET)
    return _parse(found, namespace)


async def read(api: KubeApi, namespace: str) -> FleetSecret:
    """Read the Secret of a cluster that is another's to keep; `NotFound` when there is none."""
    return _parse(await api.get(SECRET, namespace, constants.FLEET_SECRET), namespace)


def _new() -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": constants.FLEET_SECRET,
            "labels": {
                constants.LABEL_NAME: "flower-operator",
                constants.LABEL_COMPONENT: "fleet",
                constants.LABEL_MANAGED_BY: constants.MANAGED_BY,
            },
        },
        "type": "Opaque",
        "stringData": {
            "username": FLEET_USER,
            "password": secrets.token_urlsafe(24),
            "key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        },
    }


def _parse(found: Manifest, namespace: str) -> FleetSecret:
    data = {name: base64.b64decode(value) for name, value in (found.get("data") or {}).items()}
    missing = [name for name in ("username", "password", "key") if not data.get(name)]
    if missing:
        raise StartError(
            f"Secret {namespace}/{constants.FLEET_SECRET} lacks {', '.join(missing)}. "
            "Add what is missing, or delete the Secret: it is then made anew."
        )
    return FleetSecret(data["username"].decode(), data["password"].decode(), data["key"])
