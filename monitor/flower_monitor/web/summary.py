"""The summary: what the store says of itself, joined with what only the web process knows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from flower_monitor.config import Config
from flower_monitor.constants import VERSION
from flower_monitor.store.records import Notice, RollupRow, StoreStatus, Summary
from flower_monitor.web import missing
from flower_monitor.web.shapes import (
    EventTotals,
    MonitorInfo,
    Retention,
    StoreInfo,
    SummaryBody,
    TaskTotals,
    ThroughputMinute,
    WorkerTotals,
)

MINUTES = 60
"""Minutes of throughput in a summary."""

_COUNTED = {"SUCCESS": "succeeded", "FAILURE": "failed", "RETRY": "retried", "REVOKED": "revoked"}


@dataclass(frozen=True)
class Identity:
    """What a monitor says of itself."""

    name: str
    namespace: str | None
    started: float


def identity(config: Config, started: float) -> Identity:
    """Who this monitor is, started at a time (epoch seconds)."""
    return Identity(config.name, config.namespace, started)


def summary_body(
    who: Identity,
    summary: Summary,
    rollups: Iterable[RollupRow],
    notices: Iterable[Notice],
    now: float,
    free: int | None,
) -> SummaryBody:
    """The body of `/api/v1/summary`.

    Args:
        who: The monitor that answers.
        summary: What the store says.
        rollups: What ended in the last `MINUTES` minutes.
        notices: What this process has to add to the store's notices.
        now: The time, epoch seconds.
        free: Bytes that the store's volume has left; None: it does not say.
    """
    ingest = summary.ingest
    return SummaryBody(
        monitor=MonitorInfo(who.name, who.namespace, VERSION, who.started, now),
        broker=summary.broker,
        workers=WorkerTotals(**{state: summary.workers.get(state, 0) for state in ("online", "offline", "lost")}),
        tasks=TaskTotals(summary.tasks, summary.states),
        events=EventTotals(
            received=ingest.events_received,
            dropped=ingest.events_dropped,
            invalid=ingest.events_invalid,
            rate=ingest.rate,
            lag=ingest.lag,
            last=ingest.last_event,
            missed=summary.seen.missed,
            seen=missing.share(summary.seen),
        ),
        store=_store_info(summary.store, free),
        throughput=throughput(rollups, now),
        notices=[*summary.notices, *missing.notices(summary), *notices],
    )


def throughput(rollups: Iterable[RollupRow], now: float) -> list[ThroughputMinute]:
    """Outcomes by minute, without gaps, up to the minute that is running."""
    current = int(now // 60) * 60
    minutes = {
        minute: dict.fromkeys(_COUNTED.values(), 0) for minute in range(current - (MINUTES - 1) * 60, current + 1, 60)
    }
    for row in rollups:
        counted = _COUNTED.get(row.state)
        if counted is not None and row.minute in minutes:
            minutes[row.minute][counted] += row.n
    return [ThroughputMinute(minute, **counts) for minute, counts in minutes.items()]


def _store_info(store: StoreStatus, free: int | None) -> StoreInfo:
    retention = Retention(store.retention_age, store.retention_tasks, store.retention_bytes)
    return StoreInfo(store.kind, store.bytes, free, store.oldest, store.state, retention)
