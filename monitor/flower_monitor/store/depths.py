"""How long queues were: a row a queue and minute, after a day an hour, after two weeks a day. Written by ingest.

A handful of rows every ten seconds while somebody looks at queues, none while nobody does. Rows add up in the database:
the same minute may be told in pieces, and be folded up in pieces.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from flower_monitor.fold.intern import Interner
from flower_monitor.queue_samples import QueueSamples, Sample
from flower_monitor.store.rollups import ALWAYS, DAY, LADDER, MINUTE, STEP

#: Rows of a step past which it is folded up sooner: some 4 MB. Sixty queues have fewer in a day of minutes.
MOST_ROWS = 100_000

FIGURES = ("ready", "unacknowledged", "consumers")
_SUMS = tuple(f"{figure}_{part}" for figure in FIGURES for part in ("n", "total"))
_MOSTS = tuple(f"{figure}_most" for figure in FIGURES)
COLUMNS = tuple(f"{figure}_{part}" for figure in FIGURES for part in ("n", "total", "most"))
"""Those of a sample, in the order of its figures."""

_MORE = ", ".join(
    [
        *(f"{name} = {name} + excluded.{name}" for name in _SUMS),
        *(f"{name} = max({name}, excluded.{name})" for name in _MOSTS),
    ]
)
_ADD = (
    f"insert into queue_depth(step, start, queue, {', '.join(COLUMNS)}) "  # noqa: S608 - constants
    f"values ({', '.join('?' * (3 + len(COLUMNS)))}) on conflict do update set {_MORE}"
)
_OLDEST = f"""
select start, queue, {", ".join(COLUMNS)} from queue_depth where step = ? and start < ? order by start, queue limit ?
"""  # noqa: S608 - constants
_DROP = "delete from queue_depth where step = ? and (start, queue) <= (?, ?)"

#: Step, start, queue, and the values of COLUMNS.
Row = tuple[int, ...]


class Depths:
    """The lengths of queues in a store, for its writer."""

    def __init__(self, connection: apsw.Connection, names: Interner, age: float) -> None:
        self._connection = connection
        self._names = names
        self._age = age
        self._counts: dict[int, int] = {}
        self._minute = 0
        self._thinning = True

    def rows(self, samples: Iterable[QueueSamples]) -> list[Row]:
        """Samples as rows. Queues get their numbers here, before the names of a transaction are written."""
        return [
            (MINUTE, one.start, self._names.number(queue), *_values(sample))
            for one in samples
            for queue, sample in one.queues.items()
        ]

    def add(self, rows: Sequence[Row]) -> None:
        """Add them to what is there."""
        self._connection.executemany(_ADD, rows)

    def thin(self, now: float, deadline: float) -> None:
        """Once a minute: fold up and delete what is old enough, until a time by the monotonic clock."""
        if int(now // MINUTE) != self._minute:
            self._minute, self._thinning = int(now // MINUTE), True
            self._counts = dict(self._connection.execute("select step, count(*) from queue_depth group by step"))
        while self._thinning and time.monotonic() < deadline:
            self._thinning = any(self._fold_up(*rung, now) for rung in LADDER) or self._drop(now)

    def reset(self) -> None:
        """The transaction was rolled back."""
        self._minute = 0

    def _fold_up(self, step: int, coarser: int, age: int, now: float) -> bool:
        """Add some rows of a step to a coarser one; False when none is old enough."""
        excess = self._counts.get(step, 0) - MOST_ROWS
        before = int(now - ALWAYS) if excess > 0 else int(now - age) // coarser * coarser
        rows = self._oldest(step, before, min(STEP, excess) if excess > 0 else STEP)
        self.add([(coarser, start // coarser * coarser, queue, *values) for start, queue, *values in rows])
        self._delete(step, rows)
        return bool(rows)

    def _drop(self, now: float) -> bool:
        """Delete some of the coarsest rows that are too old."""
        rows = self._oldest(DAY, int(now - self._age), STEP)
        self._delete(DAY, rows)
        return bool(rows)

    def _oldest(self, step: int, before: int, limit: int) -> list[Any]:
        return self._connection.execute(_OLDEST, (step, before, limit)).fetchall()

    def _delete(self, step: int, rows: Sequence[Any]) -> None:
        if rows:
            self._connection.execute(_DROP, (step, *rows[-1][:2]))
            self._counts[step] = self._counts.get(step, 0) - len(rows)


def _values(sample: Sample) -> tuple[int, ...]:
    figures = (sample.ready, sample.unacknowledged, sample.consumers)
    return tuple(value for figure in figures for value in (figure.n, figure.total, figure.most))
