"""The fleet's own Secret: who may log in, and the key that monitors know the fleet by."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from flower_operator.constants import FLEET_SECRET
from flower_operator.exceptions import KubeError, StartError
from flower_operator.fleet.watch import backoff, place_in_log
from flower_operator.fleetkey import FleetSecret, derive, get_or_create
from flower_operator.kube import KubeApi
from flower_operator.spec import Key

log = logging.getLogger(__name__)

REFRESH = 30.0
"""Seconds between two looks at the Secret: a password that was changed there works this soon."""


Read = Callable[[KubeApi, str], Awaitable[FleetSecret]]


class Keyring:
    """Holds the Secret's content, fresh, until cancelled.

    Args:
        api: Of the cluster.
        namespace: Of the Secret.
        read: Reads it; default: makes it where there is none.
        cluster: Which other cluster it is of, for the log; default None: the fleet's own.
    """

    def __init__(self, api: KubeApi, namespace: str, read: Read = get_or_create, cluster: str | None = None) -> None:
        self.secret: FleetSecret | None = None
        """None until it was read for the first time."""
        self.trouble: str | None = None
        """Why it can't be read just now."""
        self._read = asyncio.Event()
        self._api = api
        self._namespace = namespace
        self._get = read
        self._where = place_in_log(cluster)

    async def key(self) -> bytes:
        """The key that monitors know the fleet by. Waits for the first reading."""
        await self._read.wait()
        assert self.secret is not None  # noqa: S101 - set before the event
        return self.secret.key

    async def token_for(self, monitor: Key) -> str:
        """What the fleet shows a monitor as its right to ask."""
        return derive(await self.key(), monitor.namespace, monitor.name)

    async def run(self) -> None:
        """Read the Secret, or make it, again and again. What was read stays good while the API server is away."""
        failures = 0
        while True:
            try:
                self.secret = await self._get(self._api, self._namespace)
                self._read.set()
                self.trouble, failures = None, 0
            except (KubeError, StartError) as error:
                self.trouble = f"The fleet can't read its Secret {self._namespace}/{FLEET_SECRET}: {error}."
                log.warning("%s%s Trying again.", self._where, self.trouble)
                failures += 1
            await asyncio.sleep(backoff(failures) if failures else REFRESH)
