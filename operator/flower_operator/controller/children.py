"""Hears of changes of children: a watch of each kind in our own loop.

Not kopf's: to find its handlers it takes half a millisecond an event, and keeps a record of each object for good. A new
FlowerMonitor has a dozen events of children, and at a start all children are listed: most of what kopf would do, and
all that it would find out is the label with the FlowerMonitor's name.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from typing import Final, TypeAlias

from flower_operator import constants
from flower_operator.exceptions import Gone, KubeError, Unreachable
from flower_operator.kinds import CLAIM, DEPLOYMENT, SERVICE, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.spec import Key

from .inventory import Inventory, Source
from .schedule import backoff
from .signs import Signs

logger = logging.getLogger(__name__)

CHILDREN: Final = (DEPLOYMENT, CLAIM, SERVICE, SERVICE_ACCOUNT)
"""Kinds that are watched. Secrets are not: that would need the right to list all of them."""

DELAY: Final = 0.1
"""Seconds that a child's event waits for others: our own applies come back as a burst of events."""

PAUSE_LAST: Final = 30.0
"""Seconds until a watch is begun again, at most: as long as a change may go unheard after a fault is over."""

WELL: Final = 60.0
"""Seconds after which a watch that ends was a good one: the next pause is short again."""

Heard: TypeAlias = Callable[[Key, float | None, Kind, str, str | None], None]
"""Told of a FlowerMonitor's key, in how many seconds to look at it (None: not for that), and of the object that
changed: kind, name, resourceVersion (None: it is gone)."""


class ChildWatch:
    """One kind of children, in one namespace or all."""

    def __init__(
        self,
        api: KubeApi,
        source: Source,
        inventory: Inventory,
        heard: Heard,
        failed: Callable[[], None],
        signs: Signs,
    ) -> None:
        self._api = api
        self._kind, self._namespace = self._source = source
        self._inventory = inventory
        self._heard = heard
        self._failed = failed
        self._signs = signs
        self._rng = random.Random()  # noqa: S311 - jitter, no secret
        self._version: str | None = None
        """From where the watch goes on; None: what there is must be listed."""

    async def run(self) -> None:
        """Watch until cancelled."""
        failures = 0
        self._version = await self._first()
        while True:
            began = time.monotonic()
            try:
                await self._follow()
            except KubeError as error:
                failures = 0 if time.monotonic() - began > WELL else failures + 1
                await self._pause(error, failures)

    async def _first(self) -> str | None:
        """Where the first lists end, which are made anyway; a list of our own where they fail."""
        try:
            return await self._inventory.version(self._source)
        except KubeError as error:
            logger.warning("can't list %s: %s", self._kind.plural, error)
            return None

    async def _follow(self) -> None:
        """Hear until there is an error. The API server ends a watch every few minutes; the next goes on from there."""
        self._version = version = self._version or await self._list()
        while True:
            async for event, body in self._api.watch(self._kind, self._namespace, version, constants.CHILD_SELECTOR):
                self._version = version = body["metadata"]["resourceVersion"]
                self._signs.heard(self._source)
                if event != "BOOKMARK":
                    self._hear(body["metadata"], gone=event == "DELETED")
            # Keeps a server that ends each watch at once from being asked in a tight loop.
            await asyncio.sleep(DELAY)

    async def _pause(self, error: KubeError, failures: int) -> None:
        """Say what happened, and wait. After a connection that was cut nothing was missed."""
        pause = min(PAUSE_LAST, backoff(failures, self._rng))
        said = "the watch of %s has ended, it begins anew in %.0f s: %s"
        if isinstance(error, Unreachable | Gone):
            logger.info(said, self._kind.plural, pause, error)
        else:
            logger.error(said, self._kind.plural, pause, error)
            self._failed()
        if not isinstance(error, Unreachable):
            self._version = None
        await asyncio.sleep(pause)

    async def _list(self) -> str:
        """Hear of everything that there is, as something of it may have changed unheard. What is gone can't be told:
        that is found when its FlowerMonitor is looked at the next time."""
        version = ""
        async for page in self._api.pages(self._kind, self._namespace, constants.CHILD_SELECTOR):
            version = page.metadata.version
            self._signs.heard(self._source)
            for body in page.objects():
                self._hear(body["metadata"], gone=False)
        # From here on the watch tells of everything.
        self._inventory.listed.distrust()
        return version

    def _hear(self, meta: Manifest, gone: bool) -> None:
        name = (meta.get("labels") or {}).get(constants.LABEL_INSTANCE)
        if name:
            version = None if gone else meta["resourceVersion"]
            self._heard(Key(meta["namespace"], name), DELAY, self._kind, meta["name"], version)
