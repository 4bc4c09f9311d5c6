"""Figures that are sampled: rows of a minute, after a day of an hour, after two weeks of a day. Written by ingest.

Rows add up in the database: the same minute may be told in pieces, and be folded up in pieces.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import apsw
import msgspec

from flower_monitor.store.rollups import ALWAYS, DAY, LADDER, MINUTE, STEP

#: Rows of a step past which it is folded up sooner: some 4 MB. Sixty queues have fewer in a day of minutes.
MOST_ROWS = 100_000

#: Step, start, what tells rows of a start apart, and the values.
Row = tuple[Any, ...]


class Layout(msgspec.Struct, frozen=True):
    """A table of samples, with columns `step` and `start`."""

    table: str
    key: str
    """The column that tells rows of a start apart."""

    values: Mapping[str, Literal["sum", "min", "max"]]
    """The other columns, and how two values of one become one."""

    @property
    def columns(self) -> str:
        """All of them, in the order of a row."""
        return ", ".join(("step", "start", self.key, *self.values))

    def add(self) -> str:
        """The statement that adds a row to what is there."""
        more = ", ".join(
            f"{name} = {name} + excluded.{name}" if how == "sum" else f"{name} = {how}({name}, excluded.{name})"
            for name, how in self.values.items()
        )
        marks = ", ".join("?" * (3 + len(self.values)))
        return f"insert into {self.table}({self.columns}) values ({marks}) on conflict do update set {more}"  # noqa: S608 - constants


class Sampled:
    """A table of samples, for its writer.

    Args:
        connection: The one that writes.
        layout: Of the table.
        age: Seconds for which the coarsest rows are kept.
    """

    def __init__(self, connection: apsw.Connection, layout: Layout, age: float) -> None:
        self._connection = connection
        self._age = age
        table, key = layout.table, layout.key
        self._add = layout.add()
        self._count = f"select step, count(*) from {table} group by step"  # noqa: S608 - constants
        self._find = f"select {layout.columns} from {table} where step = ? and start < ? order by start, {key} limit ?"  # noqa: S608 - constants
        self._drop = f"delete from {table} where step = ? and (start, {key}) <= (?, ?)"  # noqa: S608 - constants
        self._counts: dict[int, int] = {}
        self._minute = 0
        self._thinning = True

    def add(self, rows: Sequence[Row]) -> None:
        """Add them to what is there."""
        self._connection.executemany(self._add, rows)

    def thin(self, now: float, deadline: float) -> None:
        """Once a minute: fold up and delete what is old enough, until a time by the monotonic clock."""
        if int(now // MINUTE) != self._minute:
            self._minute, self._thinning = int(now // MINUTE), True
            self._counts = dict(self._connection.execute(self._count))
        while self._thinning and time.monotonic() < deadline:
            self._thinning = any(self._fold_up(*rung, now) for rung in LADDER) or self._forget(now)

    def reset(self) -> None:
        """The transaction was rolled back."""
        self._minute = 0

    def _fold_up(self, step: int, coarser: int, age: int, now: float) -> bool:
        """Add some rows of a step to a coarser one; False when none is old enough."""
        excess = self._counts.get(step, 0) - MOST_ROWS
        before = int(now - ALWAYS) if excess > 0 else int(now - age) // coarser * coarser
        rows = self._oldest(step, before, min(STEP, excess) if excess > 0 else STEP)
        self.add([(coarser, start // coarser * coarser, *rest) for _, start, *rest in rows])
        self._delete(rows)
        return bool(rows)

    def _forget(self, now: float) -> bool:
        """Delete some of the coarsest rows that are too old."""
        rows = self._oldest(DAY, int(now - self._age), STEP)
        self._delete(rows)
        return bool(rows)

    def _oldest(self, step: int, before: int, limit: int) -> list[Any]:
        return self._connection.execute(self._find, (step, before, limit)).fetchall()

    def _delete(self, rows: Sequence[Any]) -> None:
        if rows:
            step = rows[-1][0]
            self._connection.execute(self._drop, rows[-1][:3])
            self._counts[step] = self._counts.get(step, 0) - len(rows)
