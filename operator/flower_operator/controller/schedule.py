"""When to look at which key: the work queue without its waiting. Pure but for its own state.

A key is in at most one place. Waiting: due at some time; adding it again keeps the earlier time. Working: exactly
one worker has it; adding it then makes it wait again as soon as that worker is done. So events that come together
are one reconcile, none is lost, and no two workers ever touch one object.
"""

import heapq
import random
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)

FIRST: Final = float("-inf")
"""As a due time, or as a delay: before every key that waits, behind those that were added so earlier."""

BACKOFF_FIRST = 1.0
"""Seconds until the first retry of a key."""

BACKOFF_LAST = 300.0
"""Seconds between retries at most: five minutes, so that a healed fault is never a support ticket."""


class Schedule(Generic[K]):
    """Keys and the times at which they are due."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._due: dict[K, float] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._count = 0
        self._working: dict[K, float | None] = {}
        self._failures: dict[K, int] = {}

    def add(self, key: K, due: float) -> None:
        """See that somebody looks at the key at `due` or earlier."""
        if key in self._working:
            again = self._working[key]
            self._working[key] = due if again is None else min(due, again)
        elif key not in self._due or due < self._due[key]:
            self._due[key] = due
            self._count += 1
            heapq.heappush(self._heap, (due, self._count, key))

    def pop(self, now: float) -> K | None:
        """Take the key that is due longest, None when none is. Its taker must call `done`."""
        self._drop_stale()
        if not self._heap or self._heap[0][0] > now:
            return None
        _, _, key = heapq.heappop(self._heap)
        del self._due[key]
        self._working[key] = None
        return key

    def done(self, key: K) -> None:
        """Give back a key; it waits again if it was added meanwhile."""
        again = self._working.pop(key)
        if again is not None:
            self.add(key, again)

    def next_due(self) -> float | None:
        """When the next key is due, None when none waits."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def failed(self, key: K) -> float:
        """Count a failure of the key and say after how many seconds to try again."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        return backoff(failures, self._rng)

    def succeeded(self, key: K) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)

    def waiting(self, now: float) -> int:
        """Keys that are due and that no worker has."""
        return sum(due <= now for due in self._due.values())

    def working(self) -> int:
        """Keys that a worker has."""
        return len(self._working)

    def _drop_stale(self) -> None:
        """Remove what an earlier due time has replaced from the top of the heap."""
        while self._heap and self._due.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)


def backoff(failures: int, rng: random.Random) -> float:
    """Seconds to wait after that many earlier failures: doubling, capped, and shortened by up to half at random
    so that objects which failed together do not come back together."""
    longest = min(BACKOFF_LAST, BACKOFF_FIRST * 2.0 ** min(failures + 1, 16))
    return max(BACKOFF_FIRST, longest * rng.uniform(0.5, 1.0))
