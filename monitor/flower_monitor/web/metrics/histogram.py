"""The lines of a histogram's series, formatted all at once. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from flower_monitor.store.counted import SlowestRow, TimesRow
from flower_monitor.web.metrics.exposition import exemplar


class Observed(NamedTuple):
    """What one series is made of."""

    labels: bytes
    rows: tuple[TimesRow, ...]
    slow: SlowestRow | None = None
    """In OpenMetrics: its exemplar."""

    created: bytes | None = None
    """In OpenMetrics: when its counts began."""


class Histogram:
    """A histogram.

    Args:
        name: Its name, without `_bucket`.
        bounds: Upper bounds of its buckets but for +Inf, ascending.
    """

    def __init__(self, name: str, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._name = name.encode()
        # `le` stands before the other labels: Flower's sort after it, and these come last, whatever is in them.
        texts = (*(str(float(bound)) for bound in bounds), "+Inf")
        buckets = "".join(f'{name}_bucket{{le="{bound}",\0}} %d.0\n' for bound in texts)
        self._lines = f"{buckets}{name}_count{{\0}} %d.0\n{name}_sum{{\0}} %r\n".encode()

    def lines(self, observed: Observed) -> bytes:
        """The lines of a series."""
        lines = self._counts(observed)
        if observed.slow:
            lines = self._with_exemplar(lines, observed.slow)
        if observed.created is not None:
            lines += b"%s_created{%s} %s\n" % (self._name, observed.labels, observed.created)
        return lines

    def _counts(self, observed: Observed) -> bytes:
        found = [0] * (len(self._bounds) + 1)
        for row in observed.rows:
            row.add_to(found)
        buckets = list(accumulate(found))
        lines = self._lines % (*buckets, buckets[-1], float(sum(row.sum for row in observed.rows)))
        return lines.replace(b"\0", observed.labels)

    def _with_exemplar(self, lines: bytes, slow: SlowestRow) -> bytes:
        """A bucket's exemplar is one of its own observations."""
        end = -1
        for _ in range(bisect_left(self._bounds, slow.ran) + 1):
            end = lines.index(b"\n", end + 1)
        return lines[:end] + exemplar(slow.uuid, slow.ran, slow.at).encode() + lines[end:]


def slowest(rows: Iterable[SlowestRow]) -> SlowestRow | None:
    """The slowest of some."""
    return max(rows, key=attrgetter("ran"), default=None)
