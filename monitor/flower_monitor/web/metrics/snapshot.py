"""What a scrape reads from the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from flower_monitor.store.reader import Reader
from flower_monitor.store.records import CounterRow, EventCounts, PrefetchRow, RuntimeRow, Summary, WorkerRow


@dataclass(frozen=True)
class Snapshot:
    """Everything that the metrics are made of."""

    summary: Summary
    workers: Sequence[WorkerRow]
    counters: Sequence[CounterRow]
    events: Sequence[EventCounts]
    runtimes: Sequence[RuntimeRow]
    prefetched: Sequence[PrefetchRow]


def read_snapshot(reader: Reader) -> Snapshot:
    """Read it. Runs in a thread."""
    return Snapshot(
        summary=reader.summary(),
        workers=reader.workers(),
        counters=reader.counters(),
        events=reader.event_counts(),
        runtimes=reader.runtimes(),
        prefetched=reader.prefetched(),
    )
