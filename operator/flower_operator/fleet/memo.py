"""Answers of the API server, remembered for seconds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")

TTL = 10.0
"""Seconds that an answer holds: a right that is taken away is gone this soon."""
CONCURRENCY = 8
"""Questions under way at a time, so that a flood of made-up tokens does not become one on the API server."""


class Memo(Generic[V]):
    """Asks, and remembers what was answered for `TTL`. A failure is raised and not remembered.

    Args:
        most: Answers kept at a time; the oldest go first, so that a flood does not fill the memory.
        clock: Seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._kept: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._asking: dict[Hashable, asyncio.Task[V]] = {}

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._kept)

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[V]]) -> V:
        """The answer to a question. Those who ask the same at the same time share it."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(key, ask), name="question to the API server")
            task.add_done_callback(_look_at)
        return await asyncio.shield(task)

    async def _ask(self, key: Hashable, ask: Callable[[], Awaitable[V]]) -> V:
        try:
            async with self._slots:
                answer = await ask()
        finally:
            del self._asking[key]
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + TTL, answer)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return answer


def _look_at(task: asyncio.Task[V]) -> None:
    # All who waited may have left: without a look asyncio would complain of an exception that nobody took.
    if not task.cancelled():
        task.exception()
