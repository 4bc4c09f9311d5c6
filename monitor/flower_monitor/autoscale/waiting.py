"""Workers that are left alone for a while, because they refused or were silent."""

from collections.abc import Callable
from typing import NamedTuple

FIRST, LONGEST = 10.0, 3600.0
"""Seconds that a worker is left alone the first time, and at most: twice as long each time."""

REMEMBERED = 10_000
"""What is remembered: pods get new names for ever."""


class Attempt(NamedTuple):
    """What was tried: a pool that is too busy to shrink may still grow."""

    worker: str
    grows: bool


class Waiting:
    """What has to be left alone, and for how long.

    Args:
        clock: Seconds, only forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: dict[Attempt, tuple[float, float]] = {}

    def over(self, attempt: Attempt) -> bool:
        """Whether it may be tried."""
        return attempt not in self._times or self._clock() >= self._times[attempt][0]

    def wait(self, attempt: Attempt) -> None:
        """It was not done: leave it alone, for longer than the last time."""
        _, seconds = self._times.pop(attempt, (0.0, FIRST / 2))
        longer = min(LONGEST, 2 * seconds)
        self._keep(attempt, longer, longer)

    def pause(self, attempt: Attempt, seconds: float) -> None:
        """Leave it alone for so long, and no longer the next time: it is not the worker that said no."""
        self._keep(attempt, seconds, FIRST / 2)

    def forget(self, worker: str) -> None:
        """It did something, or is another one."""
        for grows in (False, True):
            self._times.pop(Attempt(worker, grows), None)

    def _keep(self, attempt: Attempt, seconds: float, last: float) -> None:
        self._times[attempt] = (self._clock() + seconds, last)
        while len(self._times) > REMEMBERED:
            del self._times[next(iter(self._times))]
