"""A token bucket: bounds how many writes a second all reconciles make together."""

import asyncio
from collections.abc import Callable


class Bucket:
    """Lets `rate` a second pass, and twice as many at once after a pause. First come, first served."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._burst = 2 * rate
        self._tokens = self._burst
        self._seen = clock()

    def reserve(self) -> float:
        """Take a token and return how many seconds to wait until it counts."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._rate)
        self._seen = now
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)

    async def take(self) -> None:
        """Wait for a token."""
        wait = self.reserve()
        if wait > 0:
            await asyncio.sleep(wait)
