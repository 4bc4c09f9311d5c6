"""What is going on, on stderr: results alone are on stdout."""

import sys
import time
from collections.abc import Callable


def log(text: object) -> None:
    """A line with the time."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


class Ticker:
    """A line now and then, from within a loop."""

    def __init__(self, seconds: float = 15.0) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def tick(self, text: Callable[[], object]) -> None:
        """Log what `text` says, if the last time is long enough ago."""
        if time.monotonic() - self._last >= self._seconds:
            self._last = time.monotonic()
            log(text())
