"""Quantiles of how long tasks waited and ran, over any range, from the rollups."""

from collections.abc import Iterable
from typing import Any, Literal

import apsw
import msgspec

from flower_monitor import sketch
from flower_monitor.fold.sums import Sums
from flower_monitor.store.names import Names
from flower_monitor.store.rollups import DAY, HOUR, MINUTE

#: What is told of a distribution.
QUANTILES = (0.5, 0.95, 0.99)

#: What can be told apart.
By = Literal["name", "queue", "state"]

_COLUMNS = "step, start, name, queue, state, n, runtime_sum, wait, run"


class LatencyQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which of what ended."""

    start: float
    """Epoch seconds. The range grows to whole rollups: minutes, after a day hours, after two weeks days."""

    end: float
    by: tuple[By, ...] = ()
    """A row for each of these; empty: one for all."""

    step: int | None = None
    """A row for each so many seconds; None: one for the whole range. Rollups that are coarser than it stay whole."""

    name: str | None = None
    queue: str | None = None
    state: tuple[str, ...] = ()


class Distribution(msgspec.Struct, frozen=True):
    """Seconds. None where nothing was measured."""

    n: int
    """Tasks of which the time is known."""

    p50: float | None
    p95: float | None
    p99: float | None


class LatencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """What ended in a time."""

    start: int
    """Of the first rollup in it, epoch seconds."""

    name: str | None = None
    queue: str | None = None
    state: str | None = None
    n: int
    wait: Distribution
    """From sent (received, when that is not known) to started; without tasks that were told when to start."""

    run: Distribution


class Latencies(msgspec.Struct, frozen=True):
    """The answer, and how exact it is."""

    start: float
    """What it covers: the rollups that touch the range asked for."""

    end: float
    error: float
    """Relative error of each quantile."""

    rows: list[LatencyRow]


def read(connection: apsw.Connection, names: Names, query: LatencyQuery) -> Latencies:
    """Sum up the rollups that a query asks for."""
    groups: dict[tuple[Any, ...], Sums] = {}
    firsts: dict[tuple[Any, ...], int] = {}
    start, end = query.end, query.start
    for step, begins, name, queue, state, *stored in _select(connection, names, query):
        values = {"name": name, "queue": queue, "state": state}
        place = begins // query.step * query.step if query.step else None
        group = (place, *(values[by] for by in query.by))
        n, runtime, wait, run = stored
        groups.setdefault(group, Sums()).add(Sums(n, runtime, sketch.unpack(wait), sketch.unpack(run)))
        firsts[group] = min(firsts.get(group, begins), begins)
        start, end = min(start, begins), max(end, begins + step)
    if not groups:
        start, end = query.start, query.end
    rows = [_row(firsts[group], query.by, group[1:], sums, names) for group, sums in groups.items()]
    rows.sort(key=lambda row: (row.start, -row.n))
    return Latencies(start, end, sketch.ERROR, rows)


def _select(connection: apsw.Connection, names: Names, query: LatencyQuery) -> Iterable[tuple[Any, ...]]:
    conditions, values = _conditions(names, query)
    if conditions is None:
        return
    sql = f"select {_COLUMNS} from rollup where step = ? and start > ? and start < ?{conditions}"  # noqa: S608 - constants
    for step in (MINUTE, HOUR, DAY):
        yield from connection.execute(sql, (step, query.start - step, query.end, *values))


def _conditions(names: Names, query: LatencyQuery) -> tuple[str | None, list[int]]:
    """SQL and values; None when nothing can match."""
    sql, values = "", []
    for column, text in (("name", query.name), ("queue", query.queue)):
        if text is not None:
            found = names.id(text)
            if found is None:
                return None, []
            sql += f" and {column} = ?"
            values.append(found)
    if query.state:
        codes = [code for state in query.state if (code := names.state_code(state)) is not None]
        sql += f" and state in ({', '.join('?' * len(codes))})"
        values += codes
    return sql, values


def _row(start: int, by: tuple[By, ...], group: tuple[int, ...], sums: Sums, names: Names) -> LatencyRow:
    texts = {
        key: names.state(value) if key == "state" else names.text(value) for key, value in zip(by, group, strict=True)
    }
    return LatencyRow(start=start, n=sums.n, wait=distribution(sums.wait), run=distribution(sums.run), **texts)


def distribution(values: sketch.Sketch) -> Distribution:
    """What is told of a sketch."""
    return Distribution(sum(values.values()), *sketch.quantiles(values, QUANTILES))
