"""Flower's metric families, with its names, labels, types and help texts; its defects M1 to M6 mended.

M1  A worker that is offline or lost has `flower_worker_online` 0, whether it said goodbye or was killed.
M2  `task-sent` events carry their publisher where others carry a worker, `gen<pid>@host`: a series for each
    process that ever sent a task. The label stays, since queries group by it, but without the pid (fold/tasks.py):
    as many series as hosts, and a sum over them is what it was. It can't be mistaken for a worker: none is `gen`.
M3  Nothing is deleted at a scrape, so counters never fall and `increase()` loses nothing.
M4  A worker's series end when it was silent for a day (store/measured.py), and there are no more of them than
    `--metrics-max-series`, those of workers that are gone left out first (capping.py).
M5  Counters come from the store and survive a restart.
M6  The prefetch gauges are counted anew from the tasks that are in that state now (prefetch.py): they can't drift.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.store.counted import EventCounts, FailureRow, PrefetchRow, SlowestRow, TimesRow
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, escape, exemplar, labels, sample
from flower_monitor.web.metrics.histogram import Histogram, Observed, slowest
from flower_monitor.web.metrics.kept import Kept, Remembered, Unchanged
from flower_monitor.web.metrics.prefetch import prefetched
from flower_monitor.web.metrics.snapshot import Counts, Snapshot

EVENTS = "flower_events"
RUNTIME = "flower_task_runtime_seconds"

_WAITED = "flower_task_prefetch_time_seconds"
_WAITING = "flower_worker_prefetched_tasks"
_FAILED = "task-failed"


#: Worker and task.
Kind = tuple[str, str]


class Events(NamedTuple):
    """What has the same labels but for the task."""

    worker: str
    type: str
    rows: tuple[EventCounts, ...]
    failures: tuple[FailureRow, ...] = ()
    """In OpenMetrics: of which the exemplars are."""

    created: str | None = None
    """In OpenMetrics: when the counts began."""


class FlowerFamilies:
    """The families of Flower. Remembers the text of the last scrape's series; not thread-safe."""

    def __init__(self) -> None:
        self._labels: Remembered[Kind, bytes] = Remembered(lambda kind: kind_labels(kind).encode())
        self._events = Kept(_event_lines)
        self._runtimes = Kept(Histogram(RUNTIME, RUNTIME_BUCKETS).lines)
        self._counted = Unchanged(self._of_counts)
        self._waited = Kept(_waited)
        self._waiting = Kept(_waiting)

    def families(self, snapshot: Snapshot) -> Iterator[Family]:
        """All, in Flower's order."""
        yield from self._counted.families(snapshot.counts)
        waiting = prefetched(snapshot)
        text = "The time the task spent waiting at the celery worker to be executed."
        yield Family(_WAITED, "gauge", text, self._waited.texts(waiting))
        text = "Number of tasks of given type prefetched at a worker"
        yield Family(_WAITING, "gauge", text, self._waiting.texts(waiting))
        yield from _workers(snapshot.workers)

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        events = self._events.texts(by_label(counts))
        yield Family(f"{EVENTS}_total", "counter", "Number of events", events)
        yield Family(RUNTIME, "histogram", "Task runtime", self._runtimes.texts(self._by_task(counts)))

    def _by_task(self, counts: Counts) -> Iterator[Observed]:
        """The run times of each worker and task, over all queues."""
        found: dict[Kind, list[TimesRow]] = {}
        for row in counts.runtimes:
            found.setdefault((row.worker, row.task), []).append(row)
        slow: dict[Kind, list[SlowestRow]] = {}
        for one in counts.exemplars.slowest:
            slow.setdefault((one.worker, one.task), []).append(one)
        created = None if counts.exemplars.created is None else counts.exemplars.created.encode()
        for kind, rows in found.items():
            yield Observed(self._labels.text(kind), tuple(rows), slowest(slow.get(kind, ())), created)


def by_label(counts: Counts) -> list[Events]:
    """The counts of one worker, or of all clients on a host, by type."""
    found: dict[tuple[str, str], list[EventCounts]] = {}
    for row in counts.events:
        found.setdefault((row.sender, row.type), []).append(row)
    failed: dict[str, list[FailureRow]] = {}
    for failure in counts.exemplars.failures:
        failed.setdefault(failure.worker, []).append(failure)
    created = counts.exemplars.created
    return [
        Events(worker, kind, tuple(rows), tuple(failed.get(worker, ())) if kind == _FAILED else (), created)
        for (worker, kind), rows in found.items()
    ]


def kind_labels(kind: Kind) -> str:
    """Labels of a worker's task."""
    worker, task = kind
    return f'task="{escape(task)}",worker="{escape(worker)}"'


def _event_lines(events: Events) -> bytes:
    totals: dict[str, int] = {}
    for row in events.rows:
        for task, n in row.by_task():
            totals[task] = totals.get(task, 0) + n
    last = {failure.task: failure for failure in sorted(events.failures, key=lambda failure: failure.at)}
    rest = labels(type=events.type, worker=events.worker)
    lines = []
    for task, n in totals.items():
        series = f'{{task="{escape(task)}",{rest}}}'
        lines.append(f"{EVENTS}_total{series} {n}.0{_example(last.get(task))}\n")
        if events.created is not None:
            lines.append(f"{EVENTS}_created{series} {events.created}\n")
    return "".join(lines).encode()


def _example(failure: FailureRow | None) -> str:
    return exemplar(failure.uuid, 1, failure.at) if failure else ""


def _waited(row: PrefetchRow) -> bytes:
    return sample(_WAITED, kind_labels((row.worker, row.task)), row.waited)


def _waiting(row: PrefetchRow) -> bytes:
    return sample(_WAITING, kind_labels((row.worker, row.task)), row.waiting)


def _workers(workers: Iterable[WorkerRow]) -> Iterator[Family]:
    series = [(labels(worker=worker.hostname), worker) for worker in workers]
    name = "flower_worker_online"
    lines = [sample(name, key, worker.state == "online") for key, worker in series]
    yield Family(name, "gauge", "Worker online status", lines)
    name = "flower_worker_number_of_currently_executing_tasks"
    lines = [sample(name, key, executing(worker)) for key, worker in series]
    yield Family(name, "gauge", "Number of tasks currently executing at a worker", lines)


def executing(worker: WorkerRow) -> int:
    """What a lost worker ran at its last heartbeat it no longer runs."""
    return worker.active or 0 if worker.state == "online" else 0
