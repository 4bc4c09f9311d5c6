"""The work queue: `Schedule` with waiting."""

import asyncio
import random
from collections.abc import Callable
from typing import Generic

from .schedule import K, Schedule


class WorkQueue(Generic[K]):
    """Hands out keys to workers of one event loop when they are due."""

    def __init__(self, clock: Callable[[], float], rng: random.Random) -> None:
        self._schedule: Schedule[K] = Schedule(rng)
        self._clock = clock
        self._changed = asyncio.Event()
        self._closed = False

    def add(self, key: K, delay: float = 0.0) -> None:
        """See that the key is looked at in `delay` seconds or sooner; `schedule.FIRST`: next."""
        self._schedule.add(key, self._clock() + delay)
        self._changed.set()

    def close(self) -> None:
        """Give out no more keys."""
        self._closed = True
        self._changed.set()

    async def take(self) -> K | None:
        """Wait for a key that is due, which must be given back with `done`; None when the queue is closed."""
        while not self._closed:
            now = self._clock()
            key = self._schedule.pop(now)
            if key is not None:
                return key
            due = self._schedule.next_due()
            self._changed.clear()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - now)):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return None

    def done(self, key: K) -> None:
        """Give back a key that was taken."""
        self._schedule.done(key)
        self._changed.set()

    def succeeded(self, key: K) -> None:
        """Forget the failures of a key."""
        self._schedule.succeeded(key)

    def retry(self, key: K) -> float:
        """Add the key with its back-off and return that, in seconds."""
        delay = self._schedule.failed(key)
        self.add(key, delay)
        return delay

    def depth(self) -> int:
        """Keys that are due and wait for a worker."""
        return self._schedule.waiting(self._clock())

    def working(self) -> int:
        """Keys that a worker has."""
        return self._schedule.working()
