"""The families of danihodovic/celery-exporter, which its mixin's alerts and Grafana's dashboards 17508 and 17509 query.

Names, labels and types are the exporter's (its src/exporter.py); so are a `hostname` without the part before its `@`
and zeros for what did not happen yet to a task that a worker has seen: with them `increase()` sees the first failure.
Mended:

- the queue is `unknown` where nothing told it; the exporter says `celery`, which is another queue for most
- two workers of one host share a series: it is up as long as one of them is, and counts are added up
- a worker that is gone stays, at 0, for the day that it is remembered: an alert `for: 15m` can fire
- counters survive a restart, and a scrape asks no worker and no broker for anything

Its four gauges by queue need a look at the broker or at the workers, and are as old as the last one (looks.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flower_monitor.constants import RUNTIME_BUCKETS, UNKNOWN_QUEUE, WAIT_BUCKETS
from flower_monitor.store.counted import EventCounts, FailureRow, SlowestRow, TimesRow
from flower_monitor.store.counted import texts as unpacked
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, escape, exemplar, labels, sample
from flower_monitor.web.metrics.flower import executing
from flower_monitor.web.metrics.histogram import Histogram, Observed, slowest
from flower_monitor.web.metrics.kept import Kept, Remembered, Unchanged
from flower_monitor.web.metrics.looks import Looks, queue_families
from flower_monitor.web.metrics.snapshot import Counts, Snapshot

_SENT, _FAILED = "task-sent", "task-failed"

_COUNTED = {
    _SENT: ("celery_task_sent_total", "Tasks that clients sent"),
    "task-received": ("celery_task_received_total", "Tasks that workers received"),
    "task-started": ("celery_task_started_total", "Tasks that workers started"),
    "task-succeeded": ("celery_task_succeeded_total", "Tasks that succeeded"),
    _FAILED: ("celery_task_failed_total", "Tasks that failed, by class of exception"),
    "task-rejected": ("celery_task_rejected_total", "Tasks that workers rejected"),
    "task-revoked": ("celery_task_revoked_total", "Tasks that were revoked"),
    "task-retried": ("celery_task_retried_total", "Tasks that failed and are to be tried again"),
}

#: Task and queue.
Kind = tuple[str, str]


class Host(NamedTuple):
    """What is counted on one host: by its workers and by the clients there."""

    name: str
    events: tuple[EventCounts, ...]
    failures: tuple[FailureRow, ...]
    exemplars: bool


class ExporterFamilies:
    """The families. Remembers the text of the last scrape's series; not thread-safe."""

    def __init__(self) -> None:
        self._labels = Remembered(_labels)
        self._series = Remembered(_series)
        self._kinds = Remembered(_kinds, most=1000)
        self._exceptions = Remembered(_exception_label)
        self._counters = Kept(self._of_host)
        self._runtime = Histogram("celery_task_runtime", RUNTIME_BUCKETS)
        self._runtimes = Kept(self._runtime.lines)
        self._wait = Histogram("celery_task_queue_wait_time", WAIT_BUCKETS)
        self._waits = Kept(self._wait.lines)
        self._counted = Unchanged(self._of_counts)

    def families(self, snapshot: Snapshot, looks: Looks) -> Iterator[Family]:
        """All."""
        yield from self._counted.families(snapshot.counts)
        yield from _workers(snapshot.workers)
        yield from queue_families(looks, snapshot.workers)

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        hosts = self._counters.texts(_hosts(counts))
        for place, (name, text) in enumerate(_COUNTED.values()):
            yield Family(name, "counter", text, [lines for host in hosts if (lines := host[place])])
        runtimes = self._runtimes.texts([*self._observed(counts.runtimes, counts.exemplars.slowest)])
        text = "Seconds that tasks ran which succeeded"
        yield Family("celery_task_runtime", "histogram", text, runtimes, self._runtime.each)
        waits = self._waits.texts([*self._observed(counts.waits, ())])
        text = "Seconds from when a task was sent, or was to start, to its start"
        yield Family("celery_task_queue_wait_time", "histogram", text, waits, self._wait.each)

    def _observed(self, rows: Iterable[TimesRow], slow: Iterable[SlowestRow]) -> Iterator[Observed]:
        """What each series is made of: by host, task and queue."""
        found: dict[bytes, list[TimesRow]] = defaultdict(list)
        for row in rows:
            found[self._series.text((row.worker, row.task, row.queue))].append(row)
        examples = slowest((self._series.text((one.worker, one.task, one.queue)), one) for one in slow)
        for series, of_series in found.items():
            yield Observed(series, tuple(of_series), examples.get(series))

    def _of_host(self, host: Host) -> tuple[bytes, ...]:
        """The lines of each family of `_COUNTED`."""
        counts, seen = self._of_types(host)
        # All that is sent and nothing else may be what no worker has seen: `seen` is how each family begins.
        series = {kind: self._labels.text((host.name, *kind)) for kind in {**seen, **counts[_SENT]}}
        texts = series.values()
        return tuple(
            (self._failed(host, found, series) if kind == _FAILED else _plain(family, texts, found.values()))
            for kind, (family, _) in _COUNTED.items()
            for found in ({**seen, **counts[kind]},)
        )

    def _of_types(self, host: Host) -> tuple[dict[str, dict[Kind, int]], dict[Kind, int]]:
        """Counts of each type; and a zero for everything that a worker of the host has seen."""
        counts: dict[str, dict[Kind, int]] = {kind: {} for kind in _COUNTED}
        seen: dict[Kind, int] = {}
        for row in host.events:
            kinds = self._kinds.text((row.tasks, row.queues))
            if row.type in counts:
                counts[row.type] = _together(counts[row.type], kinds, row.numbers())
            if row.type != _SENT:
                seen |= dict.fromkeys(kinds, 0)
        return counts, seen

    def _failed(self, host: Host, counts: Mapping[Kind, int], series: Mapping[Kind, str]) -> bytes:
        """Failures by exception; what has none (none happened, or it was not kept) stands under an empty one."""
        known: dict[tuple[Kind, str], list[FailureRow]] = defaultdict(list)
        rest = dict(counts)
        for row in host.failures:
            kind = (row.task, row.queue or UNKNOWN_QUEUE)
            if row.exception and kind in rest:
                known[kind, row.exception].append(row)
                rest[kind] = max(0, rest[kind] - row.n)
        none = self._exceptions.text("")
        lines = [f"{none}{series[kind]}}} {n}.0\n" for kind, n in rest.items()]
        for (kind, exception), rows in known.items():
            start, shown = self._exceptions.text(exception), _example(rows) if host.exemplars else ""
            lines.append(f"{start}{series[kind]}}} {sum([row.n for row in rows])}.0{shown}\n")
        return "".join(lines).encode()


def host_of(sender: str) -> str:
    """The `hostname` label of a worker or client: what stands after its @, as Celery's nodesplit has it."""
    return sender.partition("@")[2] if "@" in sender else sender


def _hosts(counts: Counts) -> list[Host]:
    events: dict[str, list[EventCounts]] = defaultdict(list)
    failures: dict[str, list[FailureRow]] = defaultdict(list)
    for row in counts.events:
        events[host_of(row.sender)].append(row)
    for failure in counts.failures:
        failures[host_of(failure.worker)].append(failure)
    shown = bool(counts.exemplars.failures)
    return [Host(host, tuple(rows), tuple(failures[host]), shown) for host, rows in events.items()]


def _together(counts: dict[Kind, int], kinds: Sequence[Kind], numbers: Sequence[int]) -> dict[Kind, int]:
    """Counts with some more."""
    more = dict(zip(kinds, numbers, strict=True))
    if not counts and len(more) == len(kinds):  # as where a host has one worker
        return more
    found = defaultdict(int, counts)
    for kind, n in zip(kinds, numbers, strict=True):
        found[kind] += n
    return found


def _kinds(packed: tuple[str, str]) -> list[Kind]:
    """Of tasks and queues as the store packs them."""
    tasks, queues = map(unpacked, packed)
    return [(task, queue or UNKNOWN_QUEUE) for task, queue in zip(tasks, queues, strict=True)]


def _plain(family: str, series: Iterable[str], counts: Iterable[int]) -> bytes:
    """The lines of a counter."""
    return "".join([f"{family}{{{text}}} {n}.0\n" for text, n in zip(series, counts, strict=False)]).encode()


def _exception_label(exception: str) -> str:
    """How a line of failures begins."""
    return f'{_COUNTED[_FAILED][0]}{{exception="{escape(exception)}",'


def _example(rows: Iterable[FailureRow]) -> str:
    last = max(rows, key=lambda row: row.at)
    return exemplar(last.uuid, 1, last.at)


def _series(key: tuple[str, str, str]) -> bytes:
    """The labels of a worker's task and queue."""
    worker, task, queue = key
    return _labels((host_of(worker), task, queue or UNKNOWN_QUEUE)).encode()


def _labels(series: tuple[str, str, str]) -> str:
    """Labels of a host's task in a queue."""
    host, task, queue = series
    return labels(hostname=host, name=task, queue_name=queue)


def _workers(workers: Iterable[WorkerRow]) -> Iterator[Family]:
    hosts: dict[str, list[WorkerRow]] = defaultdict(list)
    for worker in workers:
        hosts[host_of(worker.hostname)].append(worker)
    series = [(labels(hostname=host), found) for host, found in hosts.items()]
    name = "celery_worker_up"
    lines = [sample(name, key, any(worker.state == "online" for worker in found)) for key, found in series]
    yield Family(name, "gauge", "Whether a worker of the host is online", lines)
    name = "celery_worker_tasks_active"
    lines = [sample(name, key, sum(map(executing, found))) for key, found in series]
    yield Family(name, "gauge", "Tasks that the workers of the host are running", lines)
