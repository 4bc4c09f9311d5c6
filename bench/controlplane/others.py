"""CPU that programs which are not the run's used meanwhile."""

import os
import time

from bench import processes
from bench.measure.noise import busy


class Others:
    """From now on."""

    def __init__(self) -> None:
        self._wall, self._busy, self._ours = time.monotonic(), busy(), processes.cpu(os.getpid())

    def percent(self) -> float:
        """100: one core."""
        theirs = busy() - self._busy - (processes.cpu(os.getpid()) - self._ours)
        return round(100 * max(0.0, theirs) / (time.monotonic() - self._wall), 1)
