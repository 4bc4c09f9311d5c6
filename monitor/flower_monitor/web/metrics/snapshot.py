"""What a scrape reads from the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from flower_monitor.store.counted import EventCounts, FailureRow, PrefetchRow, Runtimes, SlowestRow, TimesRow, TotalRow
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import CounterRow, Summary, WorkerRow

#: When the store was made, its last commit that changed a task, and the workers that are online.
State = tuple[float, int, frozenset[str]]


@dataclass(frozen=True)
class Exemplars:
    """What only OpenMetrics shows."""

    failures: Sequence[FailureRow] = ()
    slowest: Sequence[SlowestRow] = ()
    created: str | None = None
    """When the counters began, as it is written; None: not shown."""


@dataclass(frozen=True, eq=False)
class Counts:
    """What is counted of tasks' events. What belongs to no set that is wanted is empty.

    Rows of workers that are online come first: they are the last to be left out (capping.py).
    """

    created: float
    """When every counter was 0."""

    events: Sequence[EventCounts] = ()
    runtimes: Sequence[TimesRow] = ()
    waits: Sequence[TimesRow] = ()
    failures: Sequence[FailureRow] = ()
    totals: Sequence[TotalRow] = ()
    runtime_totals: Sequence[TimesRow] = ()
    exemplars: Exemplars = Exemplars()


@dataclass(frozen=True)
class Snapshot:
    """Everything that the metrics are made of."""

    summary: Summary
    workers: Sequence[WorkerRow]
    """Those that are online first."""

    counters: Sequence[CounterRow]
    prefetched: Sequence[PrefetchRow]
    counts: Counts
    """The same object as in the last snapshot when nothing of it changed."""


class Snapshots:
    """Reads what some sets need; counts only after a commit that changed them. Not thread-safe.

    Args:
        sets: Of constants.METRIC_SETS.
        openmetrics: With what only OpenMetrics shows.
    """

    def __init__(self, sets: frozenset[str], *, openmetrics: bool) -> None:
        self._sets = sets
        self._openmetrics = openmetrics
        self._state: State | None = None
        self._counts = Counts(0.0)

    def read(self, reader: Reader) -> Snapshot:
        """A snapshot. Runs in a thread."""
        workers = reader.workers()
        online = frozenset(worker.hostname for worker in workers if worker.state == "online")
        # Before the counts: a commit in between is then seen again by the next scrape.
        state = (reader.created(), reader.batch(), online)
        if state != self._state:
            # Of the same commits: what has no exception is what is left of all failures.
            with reader.together():
                self._counts, self._state = self._read_counts(reader, online), state
        return Snapshot(
            summary=reader.summary(),
            workers=sorted(workers, key=lambda worker: worker.state != "online"),
            counters=reader.counters(),
            prefetched=reader.prefetched() if "flower" in self._sets else (),
            counts=self._counts,
        )

    def _read_counts(self, reader: Reader, online: frozenset[str]) -> Counts:
        exporter = "exporter" in self._sets
        by_worker = exporter or not self._sets.isdisjoint(("flower", "datadog"))
        failures = reader.failures() if exporter or self._openmetrics else ()
        created = reader.created()
        runtimes = reader.runtimes() if by_worker or "tasks" in self._sets else Runtimes([], [])
        return Counts(
            created=created,
            events=_first(reader.event_counts(queues=exporter), online) if by_worker else (),
            runtimes=_times_first(runtimes.series, online),
            waits=_times_first(reader.waits(), online) if exporter else (),
            failures=failures,
            totals=reader.event_totals() if "tasks" in self._sets else (),
            runtime_totals=runtimes.totals,
            exemplars=self._exemplars(reader, failures, created) if self._openmetrics else Exemplars(),
        )

    def _exemplars(self, reader: Reader, failures: Sequence[FailureRow], created: float) -> Exemplars:
        return Exemplars(failures, reader.slowest(), str(created) if "datadog" in self._sets else None)


def _first(rows: Sequence[EventCounts], online: frozenset[str]) -> list[EventCounts]:
    """Those of workers that are online first, then what clients sent and what workers did that are gone."""
    return sorted(rows, key=lambda row: row.sender not in online)


def _times_first(rows: Sequence[TimesRow], online: frozenset[str]) -> list[TimesRow]:
    return sorted(rows, key=lambda row: row.worker not in online)
