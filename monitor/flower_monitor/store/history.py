"""What ended over a range, in equal steps: how many, by outcome, and how long tasks waited and ran.

For charts: a bounded number of steps whatever the range, and a bounded time whatever the number of rollups. Counts are
always whole; where merging the sketches takes too long, the newest steps have them.
"""

import itertools
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

import apsw
import msgspec

from flower_monitor import sketch
from flower_monitor.constants import State
from flower_monitor.exceptions import QueryError
from flower_monitor.store import findings
from flower_monitor.store.latencies import Distribution, distribution
from flower_monitor.store.names import Names
from flower_monitor.store.records import GapRow
from flower_monitor.store.rollups import DAY, HOUR, MINUTE
from flower_monitor.store.sql import statement

#: Seconds of a step. Each is a multiple of every step of rollups that is not longer.
WIDTHS = (60, 120, 300, 600, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY)

#: Seconds of processor time that merging sketches may take. Not of the clock: on a busy machine all would be cut short.
PATIENCE = 2.0

#: Rollups between two looks at the clock.
LOOK_EVERY = 256

#: Gaps told of.
GAPS = 200

_COUNTED = {
    State.SUCCESS: "succeeded",
    State.FAILURE: "failed",
    State.RETRY: "retried",
    State.REVOKED: "revoked",
    State.REJECTED: "rejected",
}


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which of what ended."""

    start: float
    """Epoch seconds. The range grows to whole steps."""

    end: float
    points: int = 120
    """Most steps."""

    name: str | None = None
    queue: str | None = None


class Counts(msgspec.Struct, kw_only=True):
    """Attempts that ended, by outcome."""

    succeeded: int = 0
    failed: int = 0
    retried: int = 0
    revoked: int = 0
    rejected: int = 0


class Times(msgspec.Struct, frozen=True):
    """How long tasks waited and ran."""

    wait: Distribution
    run: Distribution


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a range."""

    start: int
    counts: Counts
    times: Times | None
    """None: there were more rollups than could be looked at in time."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What ended over a range."""

    start: int
    """What it covers: the steps that touch the range asked for."""

    end: int
    step: int
    error: float
    created: float
    """When the store was made: nothing is known from before."""

    points: list[Point]
    """Without gaps, oldest first."""

    counts: Counts
    """Of the whole range."""

    before: Counts
    """Of as long a time before it. Rollups may be coarser there: of one in which it begins or ends its part counts."""

    times: Times
    times_from: int
    """From when on the times are known; `start`, unless they took too long."""

    gaps: list[GapRow]


def read(connection: apsw.Connection, names: Names, query: HistoryQuery, patience: float = PATIENCE) -> History:
    """Sum up a range.

    Raises:
        QueryError: It ends before it starts.
    """
    if query.end <= query.start:
        raise QueryError("end", "must be later than start")
    width = _width(connection, query)
    start = int(query.start // width) * width
    end = max(start + width, math.ceil(query.end / width) * width)
    chosen = _chosen(names, query)
    counts = _counts(connection, {**chosen, "width": width, "start": start, "end": end})
    length = end - start
    before = _between(connection, {**chosen, "start": start - length, "end": start})
    sketches, times_from = _sketches(connection, {**chosen, "width": width, "start": start, "end": end}, patience)
    return History(
        start=start,
        end=end,
        step=width,
        error=sketch.ERROR,
        created=connection.execute("select value from meta where key = 'created'").get or 0.0,
        points=[
            Point(start=at, counts=counts.get(at) or Counts(), times=_times(sketches, at) if at >= times_from else None)
            for at in range(start, end, width)
        ],
        counts=_sum(counts),
        before=before,
        times=_all_times(sketches),
        times_from=times_from,
        gaps=findings.gaps_within(connection, query.start, query.end, GAPS),
    )


def _width(connection: apsw.Connection, query: HistoryQuery) -> int:
    """Seconds of a step: no more of them than asked for, and none shorter than a rollup in the range."""
    coarsest = connection.execute(statement("rollup_coarsest"), {"start": query.start, "end": query.end}).get or MINUTE
    return width_of(coarsest, query.start, query.end, query.points)


def width_of(coarsest: int, start: float, end: float, points: int) -> int:
    """Seconds of a step of a range, so that there are no more than `points`; at least those of what is kept. Pure."""
    # One more step than fit: the range rarely begins where a step does.
    return shortest(max(coarsest, (end - start) / max(1, points - 1)))


def shortest(least: float) -> int:
    """The shortest width of a step that is not below a number of seconds."""
    return next((width for width in WIDTHS if width >= least), math.ceil(least / DAY) * DAY)


def _chosen(names: Names, query: HistoryQuery) -> dict[str, int | None]:
    """Name and queue by their ids; an id that none has, where nothing is known of a text."""
    texts = {"name": query.name, "queue": query.queue}
    return {key: None if text is None else names.id(text) or -1 for key, text in texts.items()}


def _counts(connection: apsw.Connection, values: Mapping[str, Any]) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    for step in (MINUTE, HOUR, DAY):
        rows: Iterator[Any] = connection.execute(statement("rollup_counts"), {**values, "step": step})
        for at, state, n in rows:
            field = _COUNTED.get(state)
            if field is not None:
                counts = found.setdefault(at, Counts())
                setattr(counts, field, getattr(counts, field) + n)
    return found


def _between(connection: apsw.Connection, values: Mapping[str, Any]) -> Counts:
    found = dict.fromkeys(_COUNTED.values(), 0.0)
    for step in (MINUTE, HOUR, DAY):
        rows: Iterator[Any] = connection.execute(statement("rollup_between"), {**values, "step": step})
        for state, n in rows:
            if state in _COUNTED:
                found[_COUNTED[state]] += n
    return Counts(**{field: round(n) for field, n in found.items()})


def _sum(counts: Mapping[int, Counts]) -> Counts:
    fields = Counts.__struct_fields__
    return Counts(**{field: sum(getattr(one, field) for one in counts.values()) for field in fields})


#: Start of a step -> sketches of how long tasks waited and ran.
Sketches = dict[int, tuple[sketch.Sketch, sketch.Sketch]]


def _sketches(connection: apsw.Connection, values: Mapping[str, Any], patience: float) -> tuple[Sketches, int]:
    """Merged by step, and from when on they are whole."""
    found: Sketches = {}
    deadline = time.thread_time() + patience
    for number, (at, wait, run) in enumerate(_stored(connection, values)):
        if number % LOOK_EVERY == LOOK_EVERY - 1 and time.thread_time() > deadline:
            found.pop(at, None)
            return found, at + values["width"]
        waits, runs = found.setdefault(at, ({}, {}))
        sketch.merge(waits, sketch.unpack(wait))
        sketch.merge(runs, sketch.unpack(run))
    return found, values["start"]


def _stored(connection: apsw.Connection, values: Mapping[str, Any]) -> Iterator[Any]:
    """The finer steps first: they are the newer ones."""
    sql = statement("rollup_sketches")
    return itertools.chain.from_iterable(
        connection.execute(sql, {**values, "step": step}) for step in (MINUTE, HOUR, DAY)
    )


def _times(sketches: Sketches, at: int) -> Times:
    waits, runs = sketches.get(at) or ({}, {})
    return Times(distribution(waits), distribution(runs))


def _all_times(sketches: Sketches) -> Times:
    waits: sketch.Sketch = {}
    runs: sketch.Sketch = {}
    for wait, run in sketches.values():
        sketch.merge(waits, wait)
        sketch.merge(runs, run)
    return Times(distribution(waits), distribution(runs))
