"""Rollups: counts and latency sketches by minute, name, queue and state; after a day by hour, after two weeks by day.

Written within the writer's transaction. The rows of the minutes that run are kept in memory too: each batch adds to
them, and reading them back would cost more than writing them.
"""

import time
from collections.abc import Mapping
from typing import Any

import apsw

from flower_monitor import sketch
from flower_monitor.fold.sums import Slot, Sums

MINUTE, HOUR, DAY = 60, 3600, 86400

#: Step, the coarser one it is folded into, and the seconds after which.
LADDER = ((MINUTE, HOUR, DAY), (HOUR, DAY, 14 * DAY))

#: Rows of a step past which it is folded up sooner: some 40 MB. Twenty names have a third of it in a day of minutes.
MOST_ROWS = 200_000

#: Seconds that a step is always kept, so that what still gets events is not folded up.
ALWAYS = 3600

#: Rows folded up at a time: some milliseconds.
STEP = 500

#: Rows kept in memory.
REMEMBERED = 4096

#: Seconds that a minute is expected to get events after its end.
LATE = 120

_COLUMNS = "step, start, name, queue, state, n, runtime_sum, wait, run"
_WRITE = f"insert or replace into rollup({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants
_FIND = (
    "select n, runtime_sum, wait, run from rollup where step = ? and start = ? and name = ? and queue = ? and state = ?"
)
_OLDEST = f"select {_COLUMNS} from rollup where step = ? and start < ? order by start, name, queue, state limit ?"  # noqa: S608 - constants
_DROP = "delete from rollup where step = ? and (start, name, queue, state) <= (?, ?, ?, ?)"

#: Step, start, name, queue, state.
Key = tuple[int, int, int, int, int]


class Rollups:
    """The rollups of a store, for its writer."""

    def __init__(self, connection: apsw.Connection, age: float) -> None:
        self._connection = connection
        self._age = age
        self._rows: dict[Key, Sums] = {}
        self._counts: dict[int, int] = {}
        self._minute = 0
        self._thinning = True

    def add(self, sums: Mapping[Slot, Sums], now: float) -> None:
        """Add what a batch summed up."""
        if len(self._rows) > REMEMBERED:
            self._rows.clear()
        recent = now - MINUTE - LATE
        values = []
        for (minute, name, queue, state), more in sums.items():
            key = (MINUTE, minute * 60, name, queue, state)
            row = self._rows.get(key) or self._read(key)
            row.add(more)
            if key[1] > recent:
                self._rows[key] = row
            values.append(_values(key, row))
        self._connection.executemany(_WRITE, values)
        self._write_counts()

    def thin(self, now: float, deadline: float) -> None:
        """Fold up and delete what is old enough, until a time by the monotonic clock."""
        minute = int(now // 60)
        if minute != self._minute:
            self._minute, self._thinning = minute, True
            old = [key for key in self._rows if key[1] < now - MINUTE - LATE]
            for key in old:
                del self._rows[key]
        while self._thinning and time.monotonic() < deadline:
            self._thinning = any(self._fold_up(*rung, now) for rung in LADDER) or self._drop(now)
        self._write_counts()

    def reset(self) -> None:
        """The transaction was rolled back: what is in memory is not what is stored."""
        self._rows.clear()
        self._counts.clear()
        self._thinning = True

    def _fold_up(self, step: int, coarser: int, age: int, now: float) -> bool:
        """Fold some rows of a step into a coarser one; False when none is old enough."""
        excess = self._count(step) - MOST_ROWS
        if excess > 0:
            oldest = (step, now - ALWAYS, min(STEP, excess))
        else:
            oldest = (step, (now - age) // coarser * coarser, STEP)
        rows: list[Any] = self._connection.execute(_OLDEST, oldest).fetchall()
        merged: dict[Key, Sums] = {}
        for _, start, name, queue, state, *stored in rows:
            key = (coarser, start // coarser * coarser, name, queue, state)
            if key not in merged:
                merged[key] = self._read(key)
            merged[key].add(_sums(stored))
        self._connection.executemany(_WRITE, [_values(key, sums) for key, sums in merged.items()])
        if rows:
            self._connection.execute(_DROP, rows[-1][:5])
            self._counts[step] = self._count(step) - len(rows)
        return bool(rows)

    def _drop(self, now: float) -> bool:
        """Delete some of the coarsest rows that are too old."""
        before = int(now - self._age)
        rows = self._connection.execute(_OLDEST, (DAY, before, STEP)).fetchall()
        if rows:
            self._connection.execute(_DROP, rows[-1][:5])
            self._counts[DAY] = self._count(DAY) - len(rows)
        return bool(rows)

    def _read(self, key: Key) -> Sums:
        """The stored row, or an empty one that is counted as new."""
        stored = self._connection.execute(_FIND, key).fetchone()
        if stored is None:
            self._counts[key[0]] = self._count(key[0]) + 1
            return Sums()
        return _sums(stored)

    def _count(self, step: int) -> int:
        if step not in self._counts:
            found = self._connection.execute("select n from rollup_rows where step = ?", (step,)).get
            self._counts[step] = found or 0
        return self._counts[step]

    def _write_counts(self) -> None:
        self._connection.executemany("insert or replace into rollup_rows values (?, ?)", list(self._counts.items()))


def _sums(stored: Any) -> Sums:
    n, runtime, wait, run = stored
    return Sums(n, runtime, sketch.unpack(wait), sketch.unpack(run))


def _values(key: Key, sums: Sums) -> tuple[Any, ...]:
    return (*key, sums.n, sums.runtime, sketch.pack(sums.wait), sketch.pack(sums.run))
