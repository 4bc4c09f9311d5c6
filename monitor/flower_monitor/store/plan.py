"""From a question to stretches of indexes: which to walk, and what of it is left out on the way.

A filter that leaves few tasks is walked by its own index, whatever the order: those few are sorted.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import apsw

from flower_monitor.store import connect, listing
from flower_monitor.store.listing import Filter, Group, Picked, Position, Range
from flower_monitor.store.names import Names
from flower_monitor.store.records import TaskQuery

#: Tasks that are few: sorted in memory in some milliseconds.
FEW = 2000

#: Distinct values of a column, by as many probes of its index.
_DISTINCT = """
with recursive found(x) as (
  select min({0}) from task indexed by task_{0}
  union all
  select (select min({0}) from task indexed by task_{0} where {0} > x) from found where x is not null
) select x from found where x is not null"""


#: States that any task is in.
STATES = "select state from tally where n > 0"


class Plan(NamedTuple):
    """How a list is walked."""

    groups: Iterator[Group]
    descending: bool
    few: list[Position] | None = None
    """All of it, in its order, when that is few: then there are no groups."""


class Picks(NamedTuple):
    """What a query filters by: each column with the ids that it may have."""

    columns: dict[Picked, list[int]]
    span: tuple[Filter, ...]

    def filters(self, but: str | None = None) -> tuple[Filter, ...]:
        """The conditions, but for those of a column that is walked; then the time is in that walk too."""
        found = [listing.any_of(column, ids) for column, ids in self.columns.items() if column != but]
        if self.span:
            # A task that was only sent has an `at`, and is not meant.
            found += [Filter("received is not null"), *([] if but else self.span)]
        return tuple(found)

    def ranges(self, column: Picked) -> list[Range]:
        """The stretches of a column's index."""
        return [_equal(column, key, self.span) for key in self.columns[column]]

    def others(self, but: str) -> list[list[Range]]:
        """The stretches of each column but one that is walked by the time received."""
        return [self.ranges(column) for column in self.columns if column != but]


def make(connection: apsw.Connection, names: Names, query: TaskQuery) -> Plan | None:
    """The plan of a query; None when nothing can match."""
    picks = picks_of(names, query)
    if picks is None:
        return None
    sort, descending = listing.sort_of(query)
    counted = {column: _count(connection, picks.ranges(column)) for column in picks.columns}
    best = min(counted, key=lambda column: counted[column], default=None)
    if sort == "received":
        return Plan(iter([_received(picks, best)]), descending)
    few = _few(picks, best) if best is None or counted[best] < FEW else None
    if few is not None and (best is not None or _count(connection, few) < FEW):
        return Plan(
            iter(()), descending, _sorted(connection, names, few, picks.filters(best or "at"), sort, descending)
        )
    if sort in listing.TEXT_SORTS:
        return Plan(_by_text(connection, names, picks, sort, descending), descending)
    return Plan(_by_number(connection, picks, sort, descending), descending)


def picks_of(names: Names, query: TaskQuery) -> Picks | None:
    """What a query filters by; None when nothing can match."""
    columns: dict[Picked, list[int]] = {}
    wanted: tuple[tuple[Picked, str | None], ...] = (("worker", query.worker), ("name", query.name))
    for column, text in wanted:
        if text is not None:
            columns[column] = names.ids(text, query.ignore_case)
    if query.state:
        codes = [code for state in query.state if (code := names.state_code(state)) is not None]
        columns["state"] = list(dict.fromkeys(codes))
    return Picks(columns, listing.span(query)) if all(columns.values()) else None


def _equal(column: str, key: int | None, span: tuple[Filter, ...]) -> Range:
    condition = Filter(f"{column} is null") if key is None else Filter(f"{column} = ?", (key,))
    return Range(f"task_{column}", (condition, *span), "at")


def _few(picks: Picks, best: Picked | None) -> list[Range]:
    return picks.ranges(best) if best else [Range("task_at", picks.span, "at")]


def _count(connection: apsw.Connection, ranges: Sequence[Range]) -> int:
    """How many tasks some stretches have, up to FEW."""
    found = 0
    for stretch in ranges:
        sql, values = stretch.number(FEW - found)
        found += connection.execute(sql, values).get
        if found >= FEW:
            break
    return found


def _received(picks: Picks, best: Picked | None) -> Group:
    if best is None:
        return Group(0, [Range("task_at", picks.span, "at")], picks.filters("at"))
    return Group(0, picks.ranges(best), picks.filters(best), picks.others(best))


def _by_text(connection: apsw.Connection, names: Names, picks: Picks, sort: str, descending: bool) -> Iterator[Group]:
    """A group for each text, in their order."""
    column: Any = sort
    ids = picks.columns.get(column)
    keys: list[int | None] = []
    if ids is None:
        ids = [key for (key,) in connection.execute(_DISTINCT.format(column))]
        keys = [None] if column != "state" else []
    keys += ids
    texts = {(_text(names, sort, key), key) for key in keys}
    filters = picks.filters(column)
    for text, key in sorted(texts, key=lambda pair: (pair[0], pair[1] or 0), reverse=descending):
        yield Group(text, [_equal(column, key, picks.span)], filters, picks.others(column))


def _text(names: Names, sort: str, key: int | None) -> str:
    if sort == "state":
        return names.state(key or 0)
    return names.text(key) or ""


def _by_number(connection: apsw.Connection, picks: Picks, sort: str, descending: bool) -> Iterator[Group]:
    """What is known, and what is not: that is lower, and comes by state, those first that have no end yet."""
    filters = picks.filters()
    if sort == "timestamp":
        yield Group(1, [Range("task_ts", (), "ts")], filters)
        return
    column = sort
    buckets = _buckets(connection) if column == "runtime" else ()
    known = Group(1, _known(column, buckets), filters)
    states = picks.columns.get("state") or [key for (key,) in connection.execute(STATES)]
    missing = (Filter(f"{column} is null"), *picks.filters("state"))
    others = picks.others("state")
    unknown = [Group(_unknown(key), [_equal("state", key, picks.span)], missing, others) for key in sorted(states)]
    yield from (known, *unknown) if descending else (*reversed(unknown), known)


def _unknown(state: int) -> int:
    """The key of the group of what is not known of tasks in a state: below that of what is known, finished last."""
    return -1 - state


def _known(column: str, buckets: Sequence[int]) -> list[Range]:
    present = Filter(f"{column} is not null")
    if column == "started":
        return [Range("task_started", (present,), column)]
    return [Range("task_runtime", (Filter("id >> 16 = ?", (bucket,)), present), column) for bucket in buckets]


def _buckets(connection: apsw.Connection) -> Sequence[int]:
    ends = connect.ends(connection)
    return range(ends[0] >> 16, (ends[1] >> 16) + 1) if ends else range(0)


def _sorted(
    connection: apsw.Connection,
    names: Names,
    ranges: Sequence[Range],
    filters: tuple[Filter, ...],
    sort: str,
    descending: bool,
) -> list[Position]:
    """The few tasks of some stretches, sorted."""
    column = {"timestamp": "ts"}.get(sort, sort)
    found: list[Any] = []
    for stretch in ranges:
        where = (*stretch.where, *filters)
        sql = f"select id, at, {column}, state from task indexed by {stretch.through} where {listing.joined(where)}"  # noqa: S608 - constants
        found += connection.execute(sql, listing.values(where)).fetchall()
    return sorted((_position(names, sort, *row) for row in found), reverse=descending)


def _position(names: Names, sort: str, task: int, at: float, value: Any, state: int) -> Position:
    if sort in listing.TEXT_SORTS:
        return Position(_text(names, sort, value), at, task)
    if sort == "timestamp":
        return Position(1, value, task)
    return Position(_unknown(state), at, task) if value is None else Position(1, value, task)
