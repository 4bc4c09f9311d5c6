"""How fast queues fill and empty. Pure.

Two things are known without the broker's help: tasks that events say have ended, and how a queue's length changed
between two looks.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flower_monitor.store.records import RollupRow

MINUTES = 5
"""How long `ended` looks back."""

NEAR, FAR = 5.0, 60.0
"""Seconds between the two looks of a trend: nearer ones say nothing, farther ones nothing of now."""

SPACING = 2.0
"""Seconds between looks that are remembered."""


class Rates(NamedTuple):
    """Messages a second."""

    rate_in: float | None
    rate_out: float | None


class Trend:
    """Lengths at earlier looks: some dozens, whoever asks how often."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, dict[str, int]]] = deque(maxlen=int(FAR / SPACING) + 1)

    def add(self, at: float, lengths: Mapping[str, int]) -> None:
        """Remember a look at a time (seconds)."""
        if not self._looks or not 0 <= at - self._looks[-1][0] < SPACING:
            self._looks.append((at, dict(lengths)))

    def growth(self, name: str, at: float, length: int) -> float | None:
        """Messages a second by which a queue has grown since an earlier look, negative: shrunk; None: there is none."""
        for then, lengths in self._looks:
            if NEAR <= at - then <= FAR and name in lengths:
                return (length - lengths[name]) / (at - then)
        return None

    def forget(self, name: str) -> None:
        """Somebody purged the queue: what it was before says nothing."""
        for _, lengths in self._looks:
            lengths.pop(name, None)


def ended(rows: Iterable[RollupRow], now: float, started: float) -> dict[str, float] | None:
    """Queue -> attempts a second that ended, over the minutes that were watched whole, and the one that runs.

    Args:
        rows: What ended in the last `MINUTES`.
        now: Epoch seconds.
        started: Since when the monitor watches.

    Returns:
        None: not even one minute was watched.
    """
    first = max((int(now) // 60 - MINUTES + 1) * 60, math.ceil(started / 60) * 60)
    if now - first < 60:
        return None
    sums: dict[str, int] = {}
    for row in rows:
        if row.minute >= first and row.queue:
            sums[row.queue] = sums.get(row.queue, 0) + row.n
    return {queue: n / (now - first) for queue, n in sums.items()}


def rates(measured: Rates, out: float | None, growth: float | None) -> Rates:
    """What the broker measured, or else what events and the trend say.

    What comes in is what goes out and what the queue grows by: tasks under way (unacknowledged) are few beside both.
    """
    if measured.rate_in is not None and measured.rate_out is not None:
        return measured
    into = None if out is None or growth is None else max(0.0, out + growth)
    return Rates(measured.rate_in if measured.rate_in is not None else into, out)


def drain_time(ready: int, found: Rates, growth: float | None) -> float | None:
    """Seconds until a queue is empty if things go on like this; None: it does not shrink, or that is not known."""
    if ready == 0:
        return 0.0
    shrinks = None if growth is None else -growth
    if shrinks is None and found.rate_in is not None and found.rate_out is not None:
        shrinks = found.rate_out - found.rate_in
    return ready / shrinks if shrinks is not None and shrinks > 0 else None
