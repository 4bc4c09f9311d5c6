"""SQL of a page of tasks, from a query. Pure: text and values, no connection."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from flower_monitor.constants import CUSTOM, State
from flower_monitor.exceptions import QueryError
from flower_monitor.fold import row as r
from flower_monitor.store.records import TaskQuery

#: Value and id of the last row of a page.
Position = tuple[Any, int]

_BUILT_IN = " ".join(f"when {state.value} then '{state.name}'" for state in State)
_CUSTOM_TEXT = f"(select text from name where name.id = state - {CUSTOM})"  # noqa: S608 - constants

#: What can be sorted by. `received` is an index walk with any filter; the others sort what the filters leave.
#: Unknown sorts as the lowest value, so that a cursor never meets a null.
SORT_COLUMNS = {
    "received": "at",
    "started": "coalesce(started, -1)",
    "runtime": "coalesce(runtime, -1)",
    "timestamp": "ts",
    "name": "coalesce((select text from name where name.id = task.name), '')",
    "worker": "coalesce((select text from name where name.id = task.worker), '')",
    "state": f"case state {_BUILT_IN} else {_CUSTOM_TEXT} end",
}

_COLUMNS = ", ".join(r.COLUMNS)


class Filter(NamedTuple):
    """A condition and its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Sort(NamedTuple):
    """An order: by an expression, ids where that is equal."""

    expression: str
    descending: bool

    @property
    def order(self) -> str:
        """The ORDER BY clause."""
        way = "desc" if self.descending else "asc"
        return f"order by {self.expression} {way}, id {way}"

    def after(self, position: Position) -> Filter:
        """Only rows past a position."""
        return Filter(f"({self.expression}, id) {'<' if self.descending else '>'} (?, ?)", position)


def sort_of(query: TaskQuery) -> Sort:
    """The order that a query asks for."""
    name = query.sort.removeprefix("-")
    if name not in SORT_COLUMNS:
        raise QueryError(
            "sort", f"cannot sort by {name!r}; choose one of {', '.join(SORT_COLUMNS)}, with - for descending"
        )
    return Sort(SORT_COLUMNS[name], query.sort.startswith("-"))


def ranges(query: TaskQuery) -> list[Filter]:
    """The conditions on the time received."""
    found = []
    if query.received_start is not None:
        # `at` is what is indexed; it is `received` wherever that is known.
        found.append(Filter("at >= ? and received >= ?", (query.received_start, query.received_start)))
    if query.received_end is not None:
        found.append(Filter("at <= ? and received <= ?", (query.received_end, query.received_end)))
    return found


def select(
    index: str, filters: Sequence[Filter], sort: Sort, limit: int, offset: int = 0, columns: str = _COLUMNS
) -> Filter:
    """Rows of a page (limit -1: all). The index is named: without statistics SQLite may choose one it has to sort."""
    where = " and ".join(f.sql for f in filters) or "true"
    values = tuple(v for f in filters for v in f.values)
    by = f"indexed by {index}" if sort.expression == "at" or index != "task_at" else ""
    sql = f"select {columns}, {sort.expression} from task {by} where {where} {sort.order} limit ? offset ?"  # noqa: S608 - parts are from this module
    return Filter(sql, (*values, limit, offset))


def cursor(position: Position) -> str:
    """A position as an opaque text."""
    return urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def position(query: TaskQuery) -> Position | None:
    """The position that a query's cursor stands for."""
    if query.cursor is None:
        return None
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        return msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[float | str, int])
    except ValueError as error:
        raise QueryError("cursor", "not a cursor of this list; leave it out to start at the first page") from error
