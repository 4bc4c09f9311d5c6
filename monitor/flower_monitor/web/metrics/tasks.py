"""Tasks over all workers, without any worker's name: the cheapest of all sets, and for many workers the one to take.

Names and labels are those of OvalMoney/celery-exporter (celery_exporter/metrics.py), where `state` is what an event
leads to and `namespace` an option whose default is `celery`. Its latencies, from received to started, are not here.
Workers that were forgotten still count.
"""

from collections.abc import Iterable, Iterator

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.store.counted import TimesRow, TotalRow
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.metrics.histogram import Histogram, Observed
from flower_monitor.web.metrics.kept import Kept, Unchanged
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
        self._runtimes = Kept(Histogram("celery_tasks_runtime_seconds", RUNTIME_BUCKETS).lines)
        self._counted = Unchanged(self._of_counts)

    def families(self, snapshot: Snapshot) -> Iterator[Family]:
        """All."""
        yield from self._counted.families(snapshot.counts)
        yield Family("celery_workers", "gauge", "Workers that are online", [self._online(snapshot.workers)])

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        totals = [self._total(row, state) for row in counts.totals if (state := _STATES.get(row.type))]
        yield Family("celery_tasks_total", "counter", "Events of tasks, by state", totals)
        runtimes = self._runtimes.texts(self._observed(row) for row in counts.runtime_totals)
        yield Family("celery_tasks_runtime_seconds", "histogram", "Seconds that tasks ran which succeeded", runtimes)

    def _total(self, row: TotalRow, state: str) -> bytes:
        series = labels(name=row.task, namespace=self._namespace, queue=row.queue, state=state)
        return sample("celery_tasks_total", series, row.n)

    def _observed(self, row: TimesRow) -> Observed:
        series = labels(name=row.task, namespace=self._namespace, queue=row.queue)
        return Observed(series.encode(), (row,))

    def _online(self, workers: Iterable[WorkerRow]) -> bytes:
        online = sum(worker.state == "online" for worker in workers)
        return sample("celery_workers", labels(namespace=self._namespace), online)
