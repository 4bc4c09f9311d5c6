"""Walking a plan: a page of tasks, in the time that a page may take."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import apsw

from flower_monitor.fold import row as r
from flower_monitor.store import listing, stretches
from flower_monitor.store.listing import Filter, Group, Position
from flower_monitor.store.plan import Plan

#: Seconds that a call may look for what fits: a page that finds little comes back short, with a cursor to go on.
BUDGET = 0.2

#: Tasks looked at between looks at the clock, at first and at last: some milliseconds.
FIRST_STEP, LAST_STEP = 200, 3200

_COLUMNS = ", ".join(r.COLUMNS)


class Found(NamedTuple):
    """A page."""

    rows: list[Any]
    end: Position | None
    """Where to go on; None: that was all."""

    scanned: int
    """Tasks looked at."""


class Walk:
    """One page's way through a plan.

    Args:
        connection: Within a transaction, so that all steps see the same.
        plan: What to walk.
        residual: A condition beside the plan's, such as a text; what of the plan it leaves out costs time.
        wanted: Asked between steps: when it says no, the page ends where it is.
    """

    def __init__(
        self, connection: apsw.Connection, plan: Plan, residual: Filter | None, wanted: Callable[[], bool]
    ) -> None:
        self._connection = connection
        self._plan = plan
        self._residual = (residual,) if residual else ()
        self._wanted = wanted
        self._deadline = time.monotonic() + BUDGET
        self._rows: list[Any] = []
        self._places: list[Position] = []
        self._scanned = 0

    def page(self, after: Position | None, limit: int, offset: int) -> Found:
        """The tasks past a position."""
        if self._plan.few is not None:
            end = self._few(self._plan.few, after, limit + offset)
        else:
            end = self._groups(after, limit + offset)
        if len(self._rows) > limit + offset:
            end = self._places[limit + offset - 1]
        return Found(self._rows[offset : limit + offset], end, self._scanned)

    def _groups(self, after: Position | None, enough: int) -> Position | None:
        for group in self._plan.groups:
            if after is not None and self._passed(group, after):
                continue
            end = self._group(group, after if after is not None and after.group == group.key else None, enough)
            if end is not None or len(self._rows) > enough:
                return end
        return None

    def _passed(self, group: Group, after: Position) -> bool:
        """Whether a group comes before that of a position."""
        if group.key == after.group:
            return False
        return (group.key < after.group) != self._plan.descending  # type: ignore[operator]  # a list has one type

    def _group(self, group: Group, after: Position | None, enough: int) -> Position | None:
        """Add a group's tasks; returns where to go on when the time is up."""
        filters = (*group.filters, *self._residual)
        size = FIRST_STEP
        while True:
            step = size if filters else enough + 1 - len(self._rows)
            keys = stretches.keys(self._connection, group, self._plan.descending, after, step)
            self._scanned += len(keys)
            shared = stretches.shared(self._connection, keys, group.others)
            self._take([Position(group.key, *key) for key in shared], filters, stretches.table(group))
            if len(keys) < step or len(self._rows) > enough:
                return None
            after = Position(group.key, *keys[-1])
            if not filters:
                return None
            if time.monotonic() > self._deadline or not self._wanted():
                return after
            size = min(size * 2, LAST_STEP)

    def _few(self, few: Sequence[Position], after: Position | None, enough: int) -> Position | None:
        """The same of a list that is there whole."""
        if after is not None:
            few = [key for key in few if (key < after if self._plan.descending else key > after)]
        for start in range(0, len(few), FIRST_STEP):
            step = few[start : start + FIRST_STEP]
            self._scanned += len(step)
            self._take(step, self._residual)
            if len(self._rows) > enough:
                return None
            if time.monotonic() > self._deadline or not self._wanted():
                return step[-1] if start + FIRST_STEP < len(few) else None
        return None

    def _take(self, keys: Sequence[Position], filters: Sequence[Filter], table: str = "task") -> None:
        """Read the tasks that fit, in the order of the keys."""
        if not keys:
            return
        sql = f"select {_COLUMNS} from {table} where id in carray(?) and {listing.joined(filters)}"  # noqa: S608 - constants
        read = self._connection.execute(sql, (stretches.packed(keys), *listing.values(filters)))
        rows = {row[r.ID]: row for row in read}
        for key in keys:
            if key.task in rows:
                self._rows.append(rows[key.task])
                self._places.append(key)


def everything(connection: apsw.Connection, plan: Plan) -> Iterator[Position]:
    """All that a plan has, in its order, whatever time that takes."""
    yield from plan.few or ()
    for group in plan.groups:
        for step in _steps(connection, group, plan.descending):
            fitting = _fitting(connection, step, group)
            yield from (key for key in step if key.task in fitting)


def _steps(connection: apsw.Connection, group: Group, descending: bool) -> Iterator[list[Position]]:
    after = None
    while keys := stretches.keys(connection, group, descending, after, LAST_STEP):
        step = [Position(group.key, *key) for key in keys]
        yield step
        after = step[-1]


def _fitting(connection: apsw.Connection, keys: Sequence[Position], group: Group) -> set[int]:
    """Ids of the tasks that fit."""
    if not group.filters:
        return {key.task for key in keys}
    sql = f"select id from {stretches.table(group)} where id in carray(?) and {listing.joined(group.filters)}"  # noqa: S608 - constants
    return {task for (task,) in connection.execute(sql, (stretches.packed(keys), *listing.values(group.filters)))}
