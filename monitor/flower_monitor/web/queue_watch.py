"""Looking at the broker's queues while somebody scrapes, so that a scrape itself asks nobody and shows what is fresh.

A scrape says that looks are wanted and does not wait for one. From then on there is a look every `EVERY` seconds,
shared with all who ask the API; `WANTED` seconds after the last scrape they stop. So whoever scrapes for ever costs a
broker what an open page of queues costs it, and who scraped once a dozen looks at most.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from flower_monitor.exceptions import BrokerError
from flower_monitor.web.problems import Problem
from flower_monitor.web.queues import Queues

logger = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two looks: what a scrape shows is not much older."""

WANTED = 150.0
"""Seconds after a scrape in which looks go on: the longest interval that scrapers are usually given is two minutes."""


class QueueWatch:
    """Keeps the last look at all queues fresh.

    Args:
        queues: Looks, and remembers.
        clock: Epoch seconds.
    """

    def __init__(self, queues: Queues, clock: Callable[[], float] = time.time) -> None:
        self._queues = queues
        self._clock = clock
        self._wanted_until = 0.0
        self._wanted = asyncio.Event()
        self._failing = False

    def want(self) -> None:
        """Somebody scrapes."""
        self._wanted_until = self._clock() + WANTED
        self._wanted.set()

    async def run(self) -> None:
        """Look while that is wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            await self.round()
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """One look, unless nobody wants it any more or somebody else has just taken one."""
        now, last = self._clock(), self._queues.last()
        if not 0 <= self._wanted_until - now <= WANTED:
            self._wanted.clear()
        elif last is None or not 0 <= now - last.at < EVERY / 2:
            await self._look()

    async def _look(self) -> None:
        try:
            await self._queues.look()
        except (BrokerError, Problem) as error:
            # Said once: it goes on for as long as the broker is away.
            logger.log(logging.DEBUG if self._failing else logging.WARNING, "queues could not be read: %s", error)
            self._failing = True
        else:
            self._failing = False
