"""What `/metrics` is made of. A scrape asks for all of it: SQLite packs what belongs together into one row.

A packed row stays as it is, so that who renders it can tell by comparing whether it changed since the last scrape.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Literal

import apsw
import msgspec

from flower_monitor.constants import RUNTIME_BUCKETS, WAIT_BUCKETS, State
from flower_monitor.store.counted import (
    EventCounts,
    FailureRow,
    PrefetchRow,
    Runtimes,
    SlowestRow,
    TimesRow,
    TotalRow,
    added,
)
from flower_monitor.store.names import Names
from flower_monitor.store.records import CounterRow

#: Senders below 0 are workers that were forgotten (constants.FORGOTTEN): only totals count them.
_EVENTS = """
select sender, type, json_group_array(ifnull(text, '')), json_group_array(n), '[]'
from event_count left join name on name.id = event_count.name where sender >= 0 group by sender, type"""

_EVENTS_BY_QUEUE = """
select sender, type, json_group_array(ifnull(task.text, '')), json_group_array(n),
  json_group_array(ifnull(queue.text, ''))
from event_count left join name as task on task.id = event_count.name
  left join name as queue on queue.id = event_count.queue where sender >= 0 group by sender, type"""

_TIMES = """
select sender, name, queue, json_group_object(bucket, n), sum(total) from {}
group by sender, name, queue"""


_TOTALS = "select type, name, queue, sum(n) from event_count group by type, name, queue"

#: A verdict says that it is not in that state on that worker any more; it holds while no event came after it.
_UNLESS = """not exists (select 1 from verdict where verdict.task = task.id and verdict.ts = task.ts
  and verdict in ({}))"""

_WAITING = f"""
select worker, name, sum(eta is null) from task
where state = ? and {_UNLESS.format("'finished', 'running', 'redelivered', 'lost'")} group by worker, name"""  # noqa: S608 - constant

# SQLite takes `received` from the row that has the maximum.
_RUNNING = f"""
select worker, name, max(0.0, ifnull(max(started) - received, 0.0)) from task
where state = ? and {_UNLESS.format("'finished', 'redelivered', 'lost'")} group by worker, name"""  # noqa: S608 - constant


def _unpacker(bounds: Sequence[float]) -> Callable[[str], tuple[int, ...]]:
    """What makes the counts of all buckets, +Inf the last, of a JSON object of those that have any, by place.

    As a struct with a field for each bucket: three times as fast as a loop over them.
    """
    fields = [(f"bucket{place}", int, msgspec.field(default=0, name=str(place))) for place in range(len(bounds) + 1)]
    decode: Callable[[str], msgspec.Struct] = msgspec.json.Decoder(msgspec.defstruct("Buckets", fields)).decode
    return lambda text: msgspec.structs.astuple(decode(text))


_UNPACK = {"runtime": _unpacker(RUNTIME_BUCKETS), "queue_wait": _unpacker(WAIT_BUCKETS)}


def counters(connection: apsw.Connection) -> list[CounterRow]:
    """Every counter but those of events."""
    rows: Any = connection.execute("select name, labels, value from counter").fetchall()
    return [CounterRow(name, msgspec.json.decode(labels), value) for name, labels, value in rows]


def event_counts(connection: apsw.Connection, names: Names, *, queues: bool) -> list[EventCounts]:
    """Task events by worker and type."""
    rows: Any = connection.execute(_EVENTS_BY_QUEUE if queues else _EVENTS).fetchall()
    return [EventCounts(names.text(sender) or "", names.event_type(code), *packed) for sender, code, *packed in rows]


def event_totals(connection: apsw.Connection, names: Names) -> list[TotalRow]:
    """Task events by type, task and queue."""
    rows: Any = connection.execute(_TOTALS).fetchall()
    return [
        TotalRow(names.event_type(code), names.text(name) or "", names.text(queue) or "", n)
        for code, name, queue, n in rows
    ]


def runtimes(connection: apsw.Connection, names: Names) -> Runtimes:
    """Run times. SQLite would have to sort all of them for the totals, which takes longer than to read them."""
    stored, rows = _times(connection, names, "runtime")
    together: dict[tuple[int, int], list[TimesRow]] = defaultdict(list)
    for (_, name, queue, *_), row in zip(stored, rows, strict=True):
        together[name, queue].append(row)
    totals = [TimesRow("", of[0].task, of[0].queue, *added(of)) for _, of in sorted(together.items())]
    return Runtimes(_of_workers(stored, rows), totals)


def waits(connection: apsw.Connection, names: Names) -> list[TimesRow]:
    """Times from sent to started, by worker, task and queue."""
    return _of_workers(*_times(connection, names, "queue_wait"))


def failures(connection: apsw.Connection, names: Names) -> list[FailureRow]:
    """Failures by worker, task, queue and exception."""
    rows: Any = connection.execute("select sender, name, queue, exception, n, uuid, at from failure").fetchall()
    return [
        FailureRow(*_kind(names, row), names.text(exception) or "", n, key, at)
        for row in rows
        for exception, n, key, at in (row[3:],)
    ]


def slowest(connection: apsw.Connection, names: Names) -> list[SlowestRow]:
    """The slowest by worker, task and queue."""
    rows: Any = connection.execute("select sender, name, queue, uuid, ran, at from slowest").fetchall()
    return [SlowestRow(*_kind(names, row), *row[3:]) for row in rows]


def prefetched(connection: apsw.Connection, names: Names) -> list[PrefetchRow]:
    """What waits and runs on each worker, by task."""
    waiting = _by_worker(connection, _WAITING, State.RECEIVED)
    running = _by_worker(connection, _RUNNING, State.STARTED)
    return [
        PrefetchRow(names.text(key[0]) or "", names.text(key[1]) or "", waiting.get(key, 0), running.get(key, 0.0))
        for key in waiting | running
    ]


def _times(
    connection: apsw.Connection, names: Names, table: Literal["runtime", "queue_wait"]
) -> tuple[list[Any], list[TimesRow]]:
    """Times by worker, task and queue: as they are stored, and as rows."""
    stored: list[Any] = connection.execute(_TIMES.format(table)).fetchall()
    text, buckets = names.text, _UNPACK[table]
    rows = [
        TimesRow(text(sender) or "", text(name) or "", text(queue) or "", buckets(packed), total)
        for sender, name, queue, packed, total in stored
    ]
    return stored, rows


def _of_workers(stored: Sequence[Any], rows: Sequence[TimesRow]) -> list[TimesRow]:
    """The rows but for those of workers that were forgotten: they come first."""
    return list(rows[bisect_left(stored, 0, key=itemgetter(0)) :])


def _kind(names: Names, row: tuple[Any, ...]) -> tuple[str, str, str]:
    """Worker, task and queue of a row that begins with their ids; no worker for those that were forgotten."""
    sender, name, queue, *_ = row
    return names.text(sender) or "", names.text(name) or "", names.text(queue) or ""


def _by_worker(connection: apsw.Connection, sql: str, state: State) -> dict[tuple[int, int], Any]:
    """A value by worker and task, of the tasks in a state."""
    rows: Any = connection.execute(sql, (state.value,)).fetchall()
    return {(worker, name): value for worker, name, value in rows}
