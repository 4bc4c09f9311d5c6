"""Lists of tasks as stretches of indexes, in SQL. Pure: text and values, no connection."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from flower_monitor.exceptions import QueryError
from flower_monitor.store.records import TaskQuery

#: What can be sorted by. All are walks of an index; unknown is the lowest value.
SORTS = ("received", "started", "runtime", "timestamp", "name", "worker", "state")

#: Those that are an order of texts, and within one text of the time received.
TEXT_SORTS = ("name", "worker", "state")

#: Columns that can be filtered by, each with an index of its own: (column, at).
Picked = Literal["worker", "name", "state"]


class Filter(NamedTuple):
    """A condition and its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Position(NamedTuple):
    """Where a page ended."""

    group: str | int
    value: float
    task: int


class Range(NamedTuple):
    """A stretch of an index, ordered by a column and then by id."""

    through: str
    where: tuple[Filter, ...]
    by: str

    def keys(self, descending: bool, after: Position | None, limit: int) -> Filter:
        """Value and id of its tasks; nothing but the index is read."""
        where = self.where
        if after is not None:
            where += (Filter(f"({self.by}, id) {'<' if descending else '>'} (?, ?)", (after.value, after.task)),)
        way = "desc" if descending else "asc"
        sql = f"select {self.by}, id from task indexed by {self.through} where {joined(where)} "  # noqa: S608 - constants
        return Filter(f"{sql} order by {self.by} {way}, id {way} limit ?", (*values(where), limit))

    def between(self, low: float, high: float, most: int) -> Filter:
        """Ids of its tasks from one value to another, both included, up to a bound."""
        where = (*self.where, Filter(f"{self.by} >= ? and {self.by} <= ?", (low, high)))
        sql = f"select id from task indexed by {self.through} where {joined(where)} limit ?"  # noqa: S608 - constants
        return Filter(sql, (*values(where), most))

    def number(self, most: int) -> Filter:
        """How many tasks it has, counted up to a bound."""
        sql = f"select count(*) from (select 1 from task indexed by {self.through} where {joined(self.where)} limit ?)"  # noqa: S608 - constants
        return Filter(sql, (*values(self.where), most))


class Group(NamedTuple):
    """A part of a list that comes as a whole before the next: stretches to be merged."""

    key: str | int
    ranges: Sequence[Range]
    filters: tuple[Filter, ...] = ()
    """What the stretches have too much."""

    others: Sequence[Sequence[Range]] = ()
    """What the filters leave of the same values, where that is in indexes too: for each column its stretches."""


def joined(filters: Sequence[Filter]) -> str:
    """Conditions as one."""
    return " and ".join(f.sql for f in filters) or "true"


def values(filters: Sequence[Filter]) -> tuple[Any, ...]:
    """The values of conditions, in their order."""
    return tuple(value for f in filters for value in f.values)


def any_of(column: str, ids: Sequence[int]) -> Filter:
    """A column has one of some values."""
    return Filter(f"{column} in ({', '.join('?' * len(ids))})", tuple(ids))


def sort_of(query: TaskQuery) -> tuple[str, bool]:
    """What a query sorts by, and whether downwards."""
    name = query.sort.removeprefix("-")
    if name not in SORTS:
        raise QueryError("sort", f"cannot sort by {name!r}; choose one of {', '.join(SORTS)}, with - for descending")
    return name, query.sort.startswith("-")


def span(query: TaskQuery) -> tuple[Filter, ...]:
    """The conditions on the time received, by the indexes' column."""
    found = []
    # `at` is what is indexed; it is `received` wherever that is known.
    if query.received_start is not None:
        found.append(Filter("at >= ?", (query.received_start,)))
    if query.received_end is not None:
        found.append(Filter("at <= ?", (query.received_end,)))
    return tuple(found)


def cursor(position: Position, scanned: int) -> str:
    """A position, and how many tasks were looked at up to it, as an opaque text."""
    return urlsafe_b64encode(msgspec.json.encode((*position, scanned))).decode().rstrip("=")


def position(query: TaskQuery) -> tuple[Position | None, int]:
    """The position that a query's cursor stands for, and what was looked at before it."""
    if query.cursor is None:
        return None, 0
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        group, value, task, scanned = msgspec.json.decode(
            urlsafe_b64decode(padded), type=tuple[str | int, float, int, int]
        )
        if isinstance(group, str) != (sort_of(query)[0] in TEXT_SORTS):
            raise ValueError("it is that of another order")
    except ValueError as error:
        raise QueryError("cursor", "not a cursor of this list; leave it out to start at the first page") from error
    return Position(group, value, task), scanned
