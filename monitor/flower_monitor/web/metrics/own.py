"""What the monitor says of itself, so that nobody takes a blind monitor for a quiet system."""

from collections.abc import Iterable, Iterator, Mapping

from flower_monitor.constants import VERSION
from flower_monitor.store.records import CounterRow, Summary
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.metrics.snapshot import Snapshot

PREFIX = "flower_monitor_"

_COUNTERS = {
    "events_received": "Events received from the broker",
    "events_stored": "Events written to the store",
    "events_dropped": "Events dropped because they came faster than they could be stored, by reason",
    "events_invalid": "Messages that were no event that is understood, by reason",
    "reconnects": "Connections to the broker that were lost and made again",
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
    times = (
        ("event_lag_seconds", "Time from an event to its commit, median of the last batch", ingest.lag),
        ("last_event_timestamp_seconds", "When the last event came", ingest.last_event),
        ("ingest_timestamp_seconds", "When ingest last wrote: old means that it is dead or stuck", ingest.committed_at),
    )
    for name, documentation, value in times:
        if value is not None:
            yield _gauge(name, documentation, value)


def _gauge(name: str, documentation: str, value: float) -> Family:
    return Family(PREFIX + name, "gauge", documentation, [sample(PREFIX + name, "", value)])


def _labelled(name: str, documentation: str, label: str, values: Mapping[str, int]) -> Family:
    lines = [sample(PREFIX + name, labels(**{label: key}), value) for key, value in values.items()]
    return Family(PREFIX + name, "gauge", documentation, lines)
