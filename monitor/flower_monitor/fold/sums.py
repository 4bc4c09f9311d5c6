"""What ended, summed up: the part of a rollup that a batch adds."""

import msgspec

from flower_monitor import sketch
from flower_monitor.sketch import Sketch

#: Minute, name, queue, state.
Slot = tuple[int, int, int, int]


class Sums(msgspec.Struct):
    """How many, and how long they waited and ran."""

    n: int = 0
    runtime: float = 0.0
    """Sum of the seconds they ran."""

    wait: Sketch = {}
    run: Sketch = {}

    def ended(self, waited: float | None, ran: float | None) -> None:
        """One more, with the seconds it waited and ran where they are known."""
        self.n += 1
        if waited is not None:
            place = sketch.bucket(waited)
            self.wait[place] = self.wait.get(place, 0) + 1
        if ran is not None:
            self.runtime += ran
            place = sketch.bucket(ran)
            self.run[place] = self.run.get(place, 0) + 1

    def add(self, other: "Sums") -> None:
        """All of another."""
        self.n += other.n
        self.runtime += other.runtime
        sketch.merge(self.wait, other.wait)
        sketch.merge(self.run, other.run)
