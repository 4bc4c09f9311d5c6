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

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.store.counted import EventCounts, FailureRow, PrefetchRow, TimesRow, texts
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
        self._task = Remembered(task_label)
        self._tasks = Remembered(self._task_labels, most=1000)
        self._events = Kept(self._event_lines)
        self._histogram = Histogram(RUNTIME, RUNTIME_BUCKETS)
        self._runtimes = Kept(self._histogram.lines)
        self._counted = Unchanged(self._of_counts)
        self._waited = Kept(_waited)
        self._waiting = Kept(_waiting)

    def families(self, snapshot: Snapshot) -> Iterator[Family]:
        """All, in Flower's order."""
        yield from self._counted.families(snapshot.counts)
        waiting = prefetched(snapshot)
        text = "The time the task spent waiting at the celery worker to be executed."
        yield Family(_WAITED, "gauge", text, self._waited.texts(waiting), each=1)
        text = "Number of tasks of given type prefetched at a worker"
        yield Family(_WAITING, "gauge", text, self._waiting.texts(waiting), each=1)
        yield from _workers(snapshot.workers)

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        events = self._events.texts(by_label(counts))
        yield Family(f"{EVENTS}_total", "counter", "Number of events", events)
        runtimes = self._runtimes.texts([*self._by_task(counts)])
        each = self._histogram.each + (counts.exemplars.created is not None)
        yield Family(RUNTIME, "histogram", "Task runtime", runtimes, each)

    def _event_lines(self, events: Events) -> bytes:
        """The lines of some events."""
        rest, totals = f"{labels(type=events.type, worker=events.worker)}}}", self._totals(events.rows)
        shown: dict[str, str] = {}
        for failure in sorted(events.failures, key=attrgetter("at")):
            shown[self._task.text(failure.task)] = exemplar(failure.uuid, 1, failure.at)
        if events.created is not None:
            return _openmetrics(totals, rest, events.created, shown).encode()
        lines = [f"{EVENTS}_total{{{task},{rest} {n}.0{shown.get(task, '')}\n" for task, n in totals.items()]
        return "".join(lines).encode()

    def _totals(self, rows: Iterable[EventCounts]) -> Mapping[str, int]:
        """A task's label -> its events, of all queues."""
        totals: Counter[str] = Counter()
        for row in rows:
            tasks, counts = self._tasks.text(row.tasks), row.numbers()
            found = dict(zip(tasks, counts, strict=True))
            if not totals and len(found) == len(tasks):  # as where each task has one queue
                totals.update(found)
                continue
            for task, n in zip(tasks, counts, strict=True):
                totals[task] += n
        return totals

    def _task_labels(self, packed: str) -> tuple[str, ...]:
        return tuple(map(self._task.text, texts(packed)))

    def _by_task(self, counts: Counts) -> Iterator[Observed]:
        """The run times of each worker and task, over all queues."""
        found: dict[Kind, list[TimesRow]] = {}
        for row in counts.runtimes:
            found.setdefault((row.worker, row.task), []).append(row)
        slow = slowest(((one.worker, one.task), one) for one in counts.exemplars.slowest)
        created = None if counts.exemplars.created is None else counts.exemplars.created.encode()
        for kind, rows in found.items():
            yield Observed(self._labels.text(kind), tuple(rows), slow.get(kind), created)


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
    return f'{task_label(task)},worker="{escape(worker)}"'


def _openmetrics(totals: Mapping[str, int], rest: str, created: str, shown: Mapping[str, str]) -> str:
    """The lines of events with when their counts began; `rest` are the labels after that of the task."""
    began = f"{rest} {created}\n"
    return "".join(
        [
            f"{EVENTS}_total{{{task},{rest} {n}.0{shown.get(task, '')}\n{EVENTS}_created{{{task},{began}"
            for task, n in totals.items()
        ]
    )


def task_label(task: str) -> str:
    """The label of a task."""
    return f'task="{escape(task)}"'


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
