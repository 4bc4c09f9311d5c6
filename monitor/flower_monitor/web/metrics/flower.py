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
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.store.records import PrefetchRow, RuntimeRow, WorkerRow
from flower_monitor.store.series import EventCount
from flower_monitor.web.metrics.exposition import Family, escape, labels, sample
from flower_monitor.web.metrics.snapshot import Snapshot

_PUBLISHER = re.compile(r"^gen\d+@")
_BOUNDS = (*(str(float(bound)) for bound in RUNTIME_BUCKETS), "+Inf")
_RUNTIME = "flower_task_runtime_seconds"

#: The lines of a histogram, to be formatted at once. `le` sorts before the other labels, as Flower's does.
_HISTOGRAM = (
    "".join(f'{_RUNTIME}_bucket{{le="{bound}",\0}} %d.0\n' for bound in _BOUNDS)
    + f"{_RUNTIME}_count{{\0}} %d.0\n{_RUNTIME}_sum{{\0}} %r\n"
)


class Texts(dict[str, str]):
    """What is made of each text, made once."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> str:
        made = self[text] = self._make(text)
        return made


def flower_families(snapshot: Snapshot) -> Iterator[Family]:
    """The families of Flower, in its order."""
    yield _events(snapshot.events)
    yield _runtimes(snapshot.runtimes)
    yield from _prefetch(snapshot.prefetched)
    yield from _workers(snapshot.workers)


def sender_label(sender: str) -> str:
    """The `worker` label of an event's sender: publishers lose their pid (M2)."""
    return _PUBLISHER.sub("gen@", sender)


def _events(counts: Iterable[EventCount]) -> Family:
    # Thousands of series of a few names: each name is escaped once.
    workers = Texts(lambda sender: escape(sender_label(sender)))
    names = Texts(escape)  # of tasks and of types
    totals: dict[str, int] = {}
    for sender, kind, task, n in counts:
        key = f'task="{names[task]}",type="{names[kind]}",worker="{workers[sender]}"'
        totals[key] = totals.get(key, 0) + n
    name = "flower_events_total"
    return Family(name, "counter", "Number of events", [f"{name}{{{key}}} {n}.0\n" for key, n in totals.items()])


def _runtimes(rows: Iterable[RuntimeRow]) -> Family:
    names = Texts(escape)
    lines = [_histogram(f'task="{names[row.task]}",worker="{names[row.worker]}"', row) for row in rows]
    return Family(_RUNTIME, "histogram", "Task runtime", lines)


def _histogram(key: str, row: RuntimeRow) -> str:
    """The series of one worker and task."""
    return _HISTOGRAM.replace("\0", key.replace("%", "%%")) % (*accumulate(row.buckets), sum(row.buckets), row.sum)


def _prefetch(rows: Iterable[PrefetchRow]) -> Iterator[Family]:
    series = [(labels(task=row.task, worker=row.worker), row) for row in rows]
    name = "flower_task_prefetch_time_seconds"
    text = "The time the task spent waiting at the celery worker to be executed."
    yield Family(name, "gauge", text, [sample(name, key, row.waited) for key, row in series])
    name = "flower_worker_prefetched_tasks"
    text = "Number of tasks of given type prefetched at a worker"
    yield Family(name, "gauge", text, [sample(name, key, row.waiting) for key, row in series])


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
