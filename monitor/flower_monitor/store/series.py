"""What `/metrics` is made of. A scrape asks for all of it: SQLite packs what belongs together into one row.

A packed row stays as it is, so that who renders it can tell by comparing whether it changed since the last scrape.
"""

from typing import Any

import apsw
import msgspec

from flower_monitor.constants import State
from flower_monitor.store.names import Names
from flower_monitor.store.records import CounterRow, EventCounts, PrefetchRow, RuntimeRow

_EVENTS = """
select sender, type, json_group_array(ifnull(text, '')), json_group_array(n)
from event_count left join name on name.id = event_count.name group by sender, type"""

_RUNTIMES = """
select sender, name, json_group_array(bucket), json_group_array(n), sum(total) from runtime group by sender, name"""

_WAITING = "select worker, name, sum(eta is null) from task where state = ? group by worker, name"

# SQLite takes `received` from the row that has the maximum.
_RUNNING = """
select worker, name, max(0.0, ifnull(max(started) - received, 0.0)) from task where state = ? group by worker, name"""


def counters(connection: apsw.Connection) -> list[CounterRow]:
    """Every counter but those of events."""
    rows: Any = connection.execute("select name, labels, value from counter").fetchall()
    return [CounterRow(name, msgspec.json.decode(labels), value) for name, labels, value in rows]


def event_counts(connection: apsw.Connection, names: Names) -> list[EventCounts]:
    """Task events by worker and type."""
    rows: Any = connection.execute(_EVENTS).fetchall()
    return [
        EventCounts(names.text(sender) or "", names.event_type(code), tasks, counts)
        for sender, code, tasks, counts in rows
    ]


def runtimes(connection: apsw.Connection, names: Names) -> list[RuntimeRow]:
    """Run times by worker and task."""
    rows: Any = connection.execute(_RUNTIMES).fetchall()
    return [
        RuntimeRow(names.text(sender) or "", names.text(name) or "", places, counts, total)
        for sender, name, places, counts, total in rows
    ]


def prefetched(connection: apsw.Connection, names: Names) -> list[PrefetchRow]:
    """What waits and runs on each worker, by task."""
    waiting = _by_worker(connection, _WAITING, State.RECEIVED)
    running = _by_worker(connection, _RUNNING, State.STARTED)
    return [
        PrefetchRow(names.text(key[0]) or "", names.text(key[1]) or "", waiting.get(key, 0), running.get(key, 0.0))
        for key in waiting | running
    ]


def _by_worker(connection: apsw.Connection, sql: str, state: State) -> dict[tuple[int, int], Any]:
    """A value by worker and task, of the tasks in a state."""
    rows: Any = connection.execute(sql, (state.value,)).fetchall()
    return {(worker, name): value for worker, name, value in rows}
