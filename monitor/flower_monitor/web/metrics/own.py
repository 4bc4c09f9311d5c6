"""What the monitor says of itself, so that nobody takes a blind monitor for a quiet system."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flower_monitor.constants import VERSION
from flower_monitor.store.records import CounterRow, Summary, WorkerRow
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.metrics.snapshot import Snapshot

PREFIX = "flower_monitor_"

_COUNTERS = {
    "events_received": "Events received from the broker",
    "events_dropped": "Events dropped because they came faster than they could be stored, by reason",
    "events_invalid": "Messages that were no event that is understood, by reason",
    "messages_dropped": "Messages dropped unread, by reason",
    "reconnects": "Connections to the broker that were lost and made again, by reason",
    "tasks_due": "Tasks that workers say they started, by their heartbeats",
    "tasks_missed": "Tasks of these of whose start no event came",
    "tasks_settled": "Tasks whose end no event told and that were found to be finished or lost, by verdict",
}


def own_families(snapshot: Snapshot, streams: int) -> Iterator[Family]:
    """The families of the monitor.

    Args:
        snapshot: What the store says.
        streams: Live streams that are open.
    """
    yield from _counters(list(snapshot.counters))
    yield from _gauges(snapshot.summary)
    yield _labelled("workers", "Workers by state", "state", snapshot.summary.workers)
    yield _labelled("tasks", "Tasks kept, by state", "state", snapshot.summary.states)
    yield from _workers(snapshot.workers)
    yield _labelled("build_info", "Version of this monitor", "version", {VERSION: 1})
    yield _gauge("streams", "Live streams that are open", streams)


def _counters(rows: Iterable[CounterRow]) -> Iterator[Family]:
    """The monotonic counters; one that never counted is 0, so that `increase()` sees its first step."""
    for key, documentation in _COUNTERS.items():
        name = f"{PREFIX}{key}_total"
        lines = [sample(name, labels(**row.labels), row.value) for row in rows if row.name == key]
        yield Family(name, "counter", documentation, lines or [sample(name, "", 0)])


def _gauges(summary: Summary) -> Iterator[Family]:
    ingest = summary.ingest
    yield _gauge("broker_connected", "Whether the broker is connected", summary.broker.state == "connected")
    yield _gauge("store_bytes", "Size of the store on disk", summary.store.bytes)
    yield _gauge("buffer_bytes", "Bytes received and not yet stored", ingest.buffer_bytes)
    yield _gauge("broker_attempts", "Failed attempts since the broker was last connected", summary.broker.attempts)
    times = (
        ("broker_since_timestamp_seconds", "When the broker was connected, or lost", summary.broker.since),
        ("broker_backlog_messages", "Messages that wait for the monitor in the broker", summary.broker.backlog),
        ("event_lag_seconds", "Time from an event to its commit, median of the last batch", ingest.lag),
        ("last_event_timestamp_seconds", "When the last event came", ingest.last_event),
        ("ingest_timestamp_seconds", "When ingest last wrote: old means that it is dead or stuck", ingest.committed_at),
    )
    for name, documentation, value in times:
        if value is not None:
            yield _gauge(name, documentation, value)


def _workers(workers: Sequence[WorkerRow]) -> Iterator[Family]:
    """How well each worker is seen."""
    series = [(labels(worker=worker.hostname), worker) for worker in workers if worker.state == "online"]
    times = (
        ("worker_lag_seconds", "Time that a worker's last heartbeat took, its clock put right", "lag"),
        ("worker_clock_offset_seconds", "How far a worker's clock is ahead of the monitor's", "clock_offset"),
    )
    for name, documentation, field in times:
        known = [(key, value) for key, worker in series if (value := getattr(worker, field)) is not None]
        lines = [sample(PREFIX + name, key, value) for key, value in known]
        yield Family(PREFIX + name, "gauge", documentation, lines)
    for name, documentation, field in (
        ("worker_tasks_due_total", "Tasks that a worker says it started, by its heartbeats", "tasks_due"),
        ("worker_tasks_missed_total", "Tasks of these of whose start no event came", "tasks_missed"),
    ):
        lines = [sample(PREFIX + name, key, getattr(worker, field)) for key, worker in series]
        yield Family(PREFIX + name, "counter", documentation, lines)


def _gauge(name: str, documentation: str, value: float) -> Family:
    return Family(PREFIX + name, "gauge", documentation, [sample(PREFIX + name, "", value)])


def _labelled(name: str, documentation: str, label: str, values: Mapping[str, int]) -> Family:
    lines = [sample(PREFIX + name, labels(**{label: key}), value) for key, value in values.items()]
    return Family(PREFIX + name, "gauge", documentation, lines)
