"""Our wall clock, watched: somebody may set it while we run, and the age of a task must not follow."""

import time
from collections.abc import Callable

#: Seconds in a minute: the grain of what is noted by our clock.
MINUTE = 60

#: Seconds after a jump in which nothing is thrown away for its age alone: most are set right again sooner.
CAUTION = 900.0


class Clock:
    """Compares the wall clock with one that nobody can set."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._offset: float | None = None
        self._before: float | None = None
        self._jumped = -CAUTION

    def jumped(self, now: float) -> int:
        """Minutes that the wall clock was set ahead (or back, then negative) since the last call."""
        offset = now - self._steady()
        self._before = self._offset
        if self._offset is None:
            self._offset = offset
            return 0
        minutes = round((offset - self._offset) / MINUTE)
        if minutes:
            self._offset += minutes * MINUTE
            self._jumped = self._steady()
        return minutes

    def undo(self) -> None:
        """What the last jump led to was rolled back: it will be told again."""
        self._offset = self._before

    def settled(self) -> bool:
        """Whether the last jump is so long ago that the clock can be believed."""
        return self._steady() - self._jumped >= CAUTION
