"""`celery_tasks_total` and `celery_workers`, without any worker's name: the cheapest of all sets.

Names and labels are those of OvalMoney/celery-exporter (celery_exporter/metrics.py), where `state` is what an event
leads to and `namespace` an option whose default is `celery`. Its run times and latencies are not here.
"""

from collections.abc import Iterable, Iterator

from flower_monitor.store.counted import TotalRow
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.metrics.snapshot import Snapshot

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


def task_families(snapshot: Snapshot, namespace: str) -> Iterator[Family]:
    """Both families."""
    totals = _totals(snapshot.counts.totals, namespace)
    yield Family("celery_tasks_total", "counter", "Events of tasks, by state", totals)
    yield Family("celery_workers", "gauge", "Workers that are online", [_online(snapshot.workers, namespace)])


def _totals(rows: Iterable[TotalRow], namespace: str) -> list[bytes]:
    return [
        sample("celery_tasks_total", labels(name=row.task, namespace=namespace, queue=row.queue, state=state), row.n)
        for row in rows
        if (state := _STATES.get(row.type))
    ]


def _online(workers: Iterable[WorkerRow], namespace: str) -> bytes:
    return sample("celery_workers", labels(namespace=namespace), sum(worker.state == "online" for worker in workers))
