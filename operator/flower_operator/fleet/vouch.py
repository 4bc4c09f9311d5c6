"""What the fleet tells a monitor of a person: a header that it signs for that one monitor and for a minute."""

import time
from collections.abc import Awaitable, Callable

from joserfc import jwt
from joserfc.jwk import OKPKey

from flower_operator.fleet.identity import Identity
from flower_operator.fleet.rights import Role
from flower_operator.identity_key import signing_key
from flower_operator.spec import Key

HEADER = "Flower-Identity"
ISSUER = "flower-operator-fleet"
ALGORITHM = "Ed25519"

LIFE = 60
"""Seconds that the header holds: a request is under way for less, and a stream is looked at when it begins."""


def base_of(key: Key, cluster: str | None = None) -> str:
    """The path under which the fleet shows a monitor; cluster None: of its own."""
    return f"{'' if cluster is None else f'/c/{cluster}'}/n/{key.namespace}/{key.name}/"


class Voucher:
    """Makes the header.

    Args:
        key: Gives the key in the fleet's Secret of the monitors' cluster, once it was read.
        clock: Epoch seconds.
        cluster: Which other cluster the monitors are of; default None: the fleet's own.
    """

    def __init__(
        self,
        key: Callable[[], Awaitable[bytes]],
        clock: Callable[[], float] = time.time,
        cluster: str | None = None,
    ) -> None:
        self._key = key
        self._cluster = cluster
        self._clock = clock
        self._signing: tuple[bytes, OKPKey] | None = None

    async def header(self, who: Identity, role: Role, monitor: Key) -> str:
        """Say to a monitor who asks, and what they are in it."""
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "aud": str(monitor),
            "sub": who.name,
            "role": role.value,
            "base": base_of(monitor, self._cluster),
            "iat": now,
            "exp": now + LIFE,
        }
        return jwt.encode({"alg": ALGORITHM}, claims, await self._signing_key(), algorithms=[ALGORITHM])

    async def _signing_key(self) -> OKPKey:
        """Derived once from each key: a search signs for every monitor."""
        key = await self._key()
        if self._signing is None or self._signing[0] != key:
            self._signing = key, signing_key(key)
        return self._signing[1]
