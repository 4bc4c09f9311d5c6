"""Tasks over all workers, without any worker's name: the cheapest of all sets, and for many workers the one to take.

Names and labels are those of OvalMoney/celery-exporter (celery_exporter/metrics.py), where `state` is what an event
leads to and `namespace` an option whose default is `celery`. Its latencies, from received to started, are not here.
Workers that were forgotten still count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from flower_monitor.constants import RUNTIME_BUCKETS, UNKNOWN_QUEUE
from flower_monitor.store.counted import TimesRow, TotalRow
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.metrics.histogram import Histogram, Observed
from flower_monitor.web.metrics.kept import Kept, Remembered, Unchanged
from flower_monitor.web.metrics.snapshot import Counts, Snapshot

#: Celery's states by the events that lead to them (celery.events.state.TASK_EVENT_TO_STATE), without custom ones.
_STATES = {
    "task-sent": "PENDING",
    "task-received": "RECEIVED",
    "task-started": "STARTED",
    "task-succeeded": "SUCCESS",
    "task-failed": "FAILURE",
    "task-retried": "RETRY",
    "task-revoked": "REVOKED",
    "task-rejected": "REJECTED",
}


class TaskFamilies:
    """The families. Remembers the text of the last scrape's series; not thread-safe.

    Args:
        namespace: The label of that name.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._labels = Remembered(self._label)
        self._histogram = Histogram("celery_tasks_runtime_seconds", RUNTIME_BUCKETS)
        self._runtimes = Kept(self._histogram.lines)
        self._counted = Unchanged(self._of_counts)

    def families(self, snapshot: Snapshot) -> Iterator[Family]:
        """All."""
        yield from self._counted.families(snapshot.counts)
        yield Family("celery_workers", "gauge", "Workers that are online", [self._online(snapshot.workers)])

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        totals = [sample("celery_tasks_total", series, n) for series, n in self._totals(counts.totals).items()]
        yield Family("celery_tasks_total", "counter", "Events of tasks, by state", totals, each=1)
        runtimes = self._runtimes.texts([*self._observed(counts.runtime_totals)])
        text = "Seconds that tasks ran which succeeded"
        yield Family("celery_tasks_runtime_seconds", "histogram", text, runtimes, self._histogram.each)

    def _totals(self, rows: Iterable[TotalRow]) -> Mapping[str, int]:
        """Events by their labels. A queue may bear the name of what is not known."""
        found: Counter[str] = Counter()
        for row in rows:
            if state := _STATES.get(row.type):
                found[f'{self._labels.text((row.task, row.queue))},state="{state}"'] += row.n
        return found

    def _observed(self, rows: Iterable[TimesRow]) -> Iterator[Observed]:
        found: dict[str, list[TimesRow]] = defaultdict(list)
        for row in rows:
            found[self._labels.text((row.task, row.queue))].append(row)
        for series, of_series in found.items():
            yield Observed(series.encode(), tuple(of_series))

    def _label(self, kind: tuple[str, str]) -> str:
        """Labels of a task and queue."""
        task, queue = kind
        return labels(name=task, namespace=self._namespace, queue=queue or UNKNOWN_QUEUE)

    def _online(self, workers: Iterable[WorkerRow]) -> bytes:
        online = sum(worker.state == "online" for worker in workers)
        return sample("celery_workers", labels(namespace=self._namespace), online)
