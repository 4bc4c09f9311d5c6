"""The lines of a histogram's series, formatted all at once. Pure."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

from flower_monitor.store.counted import SlowestRow, TimesRow, added
from flower_monitor.web.metrics.exposition import exemplar
from flower_monitor.web.metrics.kept import Remembered

Series = TypeVar("Series", bound=Hashable)


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
        self._examples = Remembered(_example)
        # `le` stands before the other labels: Flower's sort after it, and these come last, whatever is in them.
        texts = (*(str(float(bound)) for bound in bounds), "+Inf")
        buckets = [f'{name}_bucket{{le="{bound}",\0}} %d.0' for bound in texts]
        rest = [f"{name}_count{{\0}} %d.0", f"{name}_sum{{\0}} %r", ""]
        self.each = len(buckets) + 2
        """Lines of a series, `_created` left aside."""

        self._lines = "\n".join([*buckets, *rest]).encode()
        self._with_example = [
            "\n".join([*buckets[:place], f"{buckets[place]}\1", *buckets[place + 1 :], *rest]).encode()
            for place in range(len(buckets))
        ]
        """By the place of the bucket that an exemplar belongs to, one of whose observations it is."""

    def lines(self, observed: Observed) -> bytes:
        """The lines of a series."""
        counts, seconds = added(observed.rows)
        buckets = (*accumulate(counts),)
        slow = observed.slow
        lines = self._lines if slow is None else self._with_example[bisect_left(self._bounds, slow.ran)]
        lines %= (*buckets, buckets[-1], float(seconds))
        if slow is not None:
            lines = lines.replace(b"\1", self._examples.text(slow))
        lines = lines.replace(b"\0", observed.labels)
        if observed.created is not None:
            lines += b"%s_created{%s} %s\n" % (self._name, observed.labels, observed.created)
        return lines


def slowest(rows: Iterable[tuple[Series, SlowestRow]]) -> dict[Series, SlowestRow]:
    """The slowest of each series."""
    found: dict[Series, SlowestRow] = {}
    for series, row in rows:
        before = found.get(series)
        if before is None or row.ran > before.ran:
            found[series] = row
    return found


def _example(slow: SlowestRow) -> bytes:
    return exemplar(slow.uuid, slow.ran, slow.at).encode()
