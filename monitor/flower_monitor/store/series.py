"""What `/metrics` is made of. A scrape asks for all of it, so rows are read as they lie and nothing is built a row."""

from typing import Any

import apsw
import msgspec

from flower_monitor.constants import RUNTIME_BUCKETS, State
from flower_monitor.store.names import Names
from flower_monitor.store.records import CounterRow, PrefetchRow, RuntimeRow

#: Worker (or publisher), type of event, task, how many.
EventCount = tuple[str, str, str, int]


def counters(connection: apsw.Connection) -> list[CounterRow]:
    """Every counter but those of events."""
    rows: Any = connection.execute("select name, labels, value from counter").fetchall()
    return [CounterRow(name, msgspec.json.decode(labels), value) for name, labels, value in rows]


def event_counts(connection: apsw.Connection, names: Names) -> list[EventCount]:
    """Task events by worker, type and task."""
    rows: Any = connection.execute("select sender, type, name, n from event_count").fetchall()
    texts = {number: names.text(number) or "" for number in {number for row in rows for number in (row[0], row[2])}}
    types = {code: names.event_type(code) for code in {row[1] for row in rows}}
    return [(texts[sender], types[code], texts[name], n) for sender, code, name, n in rows]


def runtimes(connection: apsw.Connection, names: Names) -> list[RuntimeRow]:
    """Run times by worker and task."""
    found: dict[tuple[int, int], list[int]] = {}
    sums: dict[tuple[int, int], float] = {}
    rows: Any = connection.execute("select sender, name, bucket, n, total from runtime").fetchall()
    for sender, name, bucket, n, total in rows:
        key = (sender, name)
        buckets = found.get(key)
        if buckets is None:
            buckets = found[key] = [0] * (len(RUNTIME_BUCKETS) + 1)
            sums[key] = 0.0
        buckets[bucket] = n
        sums[key] += total
    return [
        RuntimeRow(names.text(key[0]) or "", names.text(key[1]) or "", buckets, sums[key])
        for key, buckets in found.items()
    ]


def prefetched(connection: apsw.Connection, names: Names) -> list[PrefetchRow]:
    """What waits and runs on each worker, by task."""
    waiting = "select worker, name, sum(eta is null) from task where state = ? group by worker, name"
    # SQLite takes `received` from the row that has the maximum.
    running = "select worker, name, max(started), received from task where state = ? group by worker, name"
    found: dict[tuple[int, int], tuple[int, float]] = {}
    rows: Any = connection.execute(waiting, (State.RECEIVED.value,)).fetchall()
    for worker, name, n in rows:
        found[worker, name] = (n, 0.0)
    rows = connection.execute(running, (State.STARTED.value,)).fetchall()
    for worker, name, started, received in rows:
        waited = max(0.0, started - received) if started is not None and received is not None else 0.0
        found[worker, name] = (found.get((worker, name), (0, 0.0))[0], waited)
    return [
        PrefetchRow(names.text(worker) or "", names.text(name) or "", n, waited)
        for (worker, name), (n, waited) in found.items()
    ]
