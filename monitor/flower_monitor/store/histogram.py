"""How many tasks were received over a range, in equal steps: what a range of a list is chosen on.

Counted in the indexes, a million entries in some 50 ms. A range with more is counted from its end as far as that goes.
"""

import math
from collections.abc import Iterator

import apsw
import msgspec

from flower_monitor.constants import State
from flower_monitor.store import findings, plan
from flower_monitor.store.entries import Entries, TooManyError
from flower_monitor.store.history import GAPS, shortest
from flower_monitor.store.listing import Filter
from flower_monitor.store.names import Names
from flower_monitor.store.plan import Picks
from flower_monitor.store.records import GapRow, TaskQuery
from flower_monitor.store.rollups import HOUR

#: Entries of indexes looked at for one answer: all those of a million tasks, and which of them failed.
MOST = 1_500_000


class HistogramQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks, and of when."""

    tasks: TaskQuery
    """By state, name, worker and the time received; texts are not looked for."""

    now: float
    """The end of a range that has none, epoch seconds."""

    points: int = 120
    """Most steps."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a range."""

    start: int
    n: int | None
    """Tasks received in it; None: there are too many after it for it to be counted."""

    failed: int | None
    """Those of them that are in state FAILURE now."""


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks by the time received. Those that were only sent are in none of it."""

    start: int
    """The steps that touch the range, epoch seconds. A range without a start begins with the oldest that may fit."""

    end: int
    step: int
    counted_from: int
    """From when on all is counted; `start`, unless there was too much."""

    created: float
    """When the store was made: nothing is known from before."""

    points: list[Bar]
    """Without gaps, oldest first."""

    gaps: list[GapRow]


def read(connection: apsw.Connection, names: Names, query: HistogramQuery) -> Histogram:
    """Count what a query asks for."""
    picks = _received(plan.picks_of(names, query.tasks))
    low, high = _bounds(connection, picks, query)
    if low > high:
        picks, low = None, high
    width = shortest((high - low) / max(1, query.points - 1))
    start = int(low // width) * width
    end = max(start + width, math.ceil(high / width) * width)
    counted = list(_counted(connection, picks, range(start, end, width), (low, math.nextafter(high, math.inf))))
    missing = range(start, end - len(counted) * width, width)
    return Histogram(
        start=start,
        end=end,
        step=width,
        counted_from=start + len(missing) * width,
        created=connection.execute("select value from meta where key = 'created'").get or 0.0,
        points=[*(Bar(start=at, n=None, failed=None) for at in missing), *reversed(counted)],
        gaps=findings.gaps_within(connection, low, high, GAPS),
    )


def _received(picks: Picks | None) -> Picks | None:
    """Without the state of tasks that were only sent; None when nothing is left."""
    if picks is None or "state" not in picks.columns:
        return picks
    states = [code for code in picks.columns["state"] if code != State.PENDING]
    return _with_states(picks, states) if states else None


def _with_states(picks: Picks, states: list[int]) -> Picks:
    return picks._replace(columns={**picks.columns, "state": states})


def _bounds(connection: apsw.Connection, picks: Picks | None, query: HistogramQuery) -> tuple[float, float]:
    high = query.now if query.tasks.received_end is None else query.tasks.received_end
    low = query.tasks.received_start
    if low is None:
        low = None if picks is None else _oldest(connection, picks)
    return high - HOUR if low is None else low, high


def _oldest(connection: apsw.Connection, picks: Picks) -> float | None:
    """Before when no task that fits was received; None when there is none."""
    if "state" not in picks.columns:
        states = [state for (state,) in connection.execute(plan.STATES) if state != State.PENDING]
        picks = _with_states(picks, states)
    found = [
        [connection.execute(*stretch.keys(False, None, 1)).get for stretch in picks.ranges(column)]
        for column in picks.columns
    ]
    # It is in all of them, so it is no older than the oldest of any.
    return max((min(first[0] for first in firsts if first) for firsts in found if any(firsts)), default=None)


def _counted(
    connection: apsw.Connection, picks: Picks | None, steps: range, bounds: tuple[float, float]
) -> Iterator[Bar]:
    """Bars, the newest first, as far as they can be counted."""
    entries = Entries(connection, MOST)
    for at in reversed(steps):
        if picks is None:
            yield Bar(start=at, n=0, failed=0)
            continue
        low, high = max(at, bounds[0]), min(at + steps.step, bounds[1])
        span = (Filter("at >= ?", (low,)), Filter("at < ?", (high,)))
        try:
            yield _bar(entries, picks._replace(span=span), at)
        except TooManyError:
            return


def _bar(entries: Entries, picks: Picks, at: int) -> Bar:
    states = picks.columns.get("state")
    n = entries.count(picks)
    if states is None:
        n -= entries.count(_with_states(picks, [State.PENDING]))
    if states == [State.FAILURE]:
        return Bar(start=at, n=n, failed=n)
    some = states is None or State.FAILURE in states
    return Bar(start=at, n=n, failed=entries.count(_with_states(picks, [State.FAILURE])) if some else 0)
