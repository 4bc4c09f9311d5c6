"""Failed logins, counted by address and by user at an address, so that nobody tries passwords for long. Pure but for
what it counts."""

import math
from collections import OrderedDict
from collections.abc import Callable

WINDOW = 60.0
"""Seconds in which failures are counted, and after which everything is forgotten."""

OF_USER = 10
"""Failures of one user from one address in a window; a person mistypes a password less often."""

OF_ADDRESS = 50
"""Failures from one address, whoever it says it is. Behind a proxy that is not trusted all share an address."""

REMEMBERED = 10_000
"""Most addresses and users counted at a time: past it the oldest are forgotten, since each is some bytes."""


class Attempts:
    """Failed logins. A user is counted per address, so that a stranger elsewhere can't lock anybody out.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str | None], tuple[int, float]] = OrderedDict()

    def wait(self, address: str, name: str) -> int:
        """Whole seconds until a user may try again from an address; 0: now."""
        now = self._clock()
        waits = [
            since + WINDOW - now
            for key, most in (((address, name), OF_USER), ((address, None), OF_ADDRESS))
            for count, since in [self._count(key, now)]
            if count >= most
        ]
        return math.ceil(max(waits, default=0))

    def failed(self, address: str, name: str) -> bool:
        """Count a failure; whether it was one too many, so that the next is refused."""
        now, full = self._clock(), False
        for key, most in (((address, name), OF_USER), ((address, None), OF_ADDRESS)):
            count, since = self._count(key, now)
            self._failures[key] = count + 1, since
            full |= count + 1 == most
            if len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)
        return full

    def _count(self, key: tuple[str, str | None], now: float) -> tuple[int, float]:
        count, since = self._failures.get(key, (0, now))
        if now - since < WINDOW:
            return count, since
        self._failures.pop(key, None)
        return 0, now
