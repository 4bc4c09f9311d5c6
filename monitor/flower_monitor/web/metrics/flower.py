"""Flower's metric families, with its names, labels, types and help texts; its defects M1 to M6 mended.

M1  A worker that is offline or lost has `flower_worker_online` 0, whether it said goodbye or was killed.
M2  `task-sent` events carry their publisher where others carry a worker, `gen<pid>@host`: a series for each
    process that ever sent a task. The label stays, since queries group by it, but without the pid: as many
    series as hosts, and a sum over them is what it was. It can't be mistaken for a worker: none is called `gen`.
M3  Nothing is deleted at a scrape, so counters never fall and `increase()` loses nothing.
M5  Counters come from the store and survive a restart.
M6  The prefetch gauges are counted anew from the tasks that are in that state now: they can't drift.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.store.records import EventCounts, PrefetchRow, RuntimeRow, WorkerRow
from flower_monitor.web.metrics.exposition import Family, escape, labels, sample
from flower_monitor.web.metrics.kept import Kept
from flower_monitor.web.metrics.snapshot import Snapshot

_PUBLISHER = re.compile(r"^gen\d+@")
_BOUNDS = (*(str(float(bound)) for bound in RUNTIME_BUCKETS), "+Inf")
_RUNTIME = "flower_task_runtime_seconds"
_WAITED = "flower_task_prefetch_time_seconds"
_WAITING = "flower_worker_prefetched_tasks"

#: The `worker` label, the type, and what is summed under them.
Events = tuple[str, str, tuple[EventCounts, ...]]

#: The lines of a histogram, to be formatted at once. `le` sorts before the other labels, as Flower's does.
_HISTOGRAM = (
    "".join(f'{_RUNTIME}_bucket{{le="{bound}",\0}} %d.0\n' for bound in _BOUNDS)
    + f"{_RUNTIME}_count{{\0}} %d.0\n{_RUNTIME}_sum{{\0}} %r\n"
)


class FlowerFamilies:
    """The families of Flower. Remembers the text of the last scrape's series; not thread-safe."""

    def __init__(self) -> None:
        self._events = Kept(_event_lines)
        self._runtimes = Kept(_histogram)
        self._waited = Kept(_waited)
        self._waiting = Kept(_waiting)

    def families(self, snapshot: Snapshot) -> Iterator[Family]:
        """All, in Flower's order."""
        events = self._events.texts(_by_label(snapshot.events))
        yield Family("flower_events_total", "counter", "Number of events", events)
        yield Family(_RUNTIME, "histogram", "Task runtime", self._runtimes.texts(snapshot.runtimes))
        text = "The time the task spent waiting at the celery worker to be executed."
        yield Family(_WAITED, "gauge", text, self._waited.texts(snapshot.prefetched))
        text = "Number of tasks of given type prefetched at a worker"
        yield Family(_WAITING, "gauge", text, self._waiting.texts(snapshot.prefetched))
        yield from _workers(snapshot.workers)


def sender_label(sender: str) -> str:
    """The `worker` label of an event's sender: publishers lose their pid (M2)."""
    return _PUBLISHER.sub("gen@", sender)


def _by_label(counts: Iterable[EventCounts]) -> Iterator[Events]:
    """What has the same labels but for the task: of one worker, or of all publishers on a host."""
    found: dict[tuple[str, str], list[EventCounts]] = {}
    for row in counts:
        found.setdefault((sender_label(row.sender), row.type), []).append(row)
    return ((worker, kind, tuple(rows)) for (worker, kind), rows in found.items())


def _event_lines(events: Events) -> bytes:
    worker, kind, rows = events
    totals: dict[str, int] = {}
    for row in rows:
        for task, n in row.by_task():
            totals[task] = totals.get(task, 0) + n
    rest = labels(type=kind, worker=worker)
    lines = [f'flower_events_total{{task="{escape(task)}",{rest}}} {n}.0\n' for task, n in totals.items()]
    return "".join(lines).encode()


def _histogram(row: RuntimeRow) -> bytes:
    """The series of one worker and task."""
    buckets = list(accumulate(row.buckets()))
    lines = _HISTOGRAM % (*buckets, buckets[-1], row.sum)
    return lines.replace("\0", _key(row)).encode()


def _waited(row: PrefetchRow) -> bytes:
    return sample(_WAITED, _key(row), row.waited)


def _waiting(row: PrefetchRow) -> bytes:
    return sample(_WAITING, _key(row), row.waiting)


def _key(row: RuntimeRow | PrefetchRow) -> str:
    return f'task="{escape(row.task)}",worker="{escape(row.worker)}"'


def _workers(workers: Iterable[WorkerRow]) -> Iterator[Family]:
    series = [(labels(worker=worker.hostname), worker) for worker in workers]
    name = "flower_worker_online"
    lines = [sample(name, key, worker.state == "online") for key, worker in series]
    yield Family(name, "gauge", "Worker online status", lines)
    name = "flower_worker_number_of_currently_executing_tasks"
    lines = [sample(name, key, _executing(worker)) for key, worker in series]
    yield Family(name, "gauge", "Number of tasks currently executing at a worker", lines)


def _executing(worker: WorkerRow) -> int:
    """What a lost worker ran at its last heartbeat it no longer runs."""
    return worker.active or 0 if worker.state == "online" else 0
