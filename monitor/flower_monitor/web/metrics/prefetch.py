"""What waits on each worker, of the tasks that are in that state now: Flower's two prefetch gauges. Pure.

Flower counts up and down with events and so drifts with each one it misses (M6). As in Flower a series stays, at 0,
when nothing waits or runs any more; on a worker that is gone nothing does.
"""

from collections.abc import Iterable

from flower_monitor.store.counted import EventCounts, PrefetchRow
from flower_monitor.web.metrics.snapshot import Snapshot

_RECEIVED = "task-received"


def prefetched(snapshot: Snapshot) -> list[PrefetchRow]:
    """A row for each task that a worker ever received, as far as the worker is still known."""
    online = {worker.hostname: worker.state == "online" for worker in snapshot.workers}
    found = {key: PrefetchRow(*key, 0, 0.0) for key in _ever(snapshot.counts.events) if key[0] in online}
    for row in snapshot.prefetched:
        if online.get(row.worker):
            found[row.worker, row.task] = row
    return list(found.values())


def _ever(events: Iterable[EventCounts]) -> Iterable[tuple[str, str]]:
    """Worker and task of what was received."""
    return ((row.sender, task) for row in events if row.type == _RECEIVED for task, _ in row.by_task())
