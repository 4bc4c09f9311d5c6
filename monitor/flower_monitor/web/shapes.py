"""The JSON of `/api/v1`, where it is not a row of the store as it is (`store.records`)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from flower_monitor.store.records import AuditRow, BrokerStatus, GapRow, Notice, Progress, TaskRow, WorkerRow

Seconds = Annotated[float, Meta(description="Seconds")]


class MonitorInfo(msgspec.Struct, frozen=True):
    """The monitor that answers."""

    name: Annotated[str, Meta(description="Its name: option `--name`, or the FlowerMonitor's")]
    namespace: Annotated[str | None, Meta(description="Kubernetes namespace; null outside of a cluster")]
    version: Annotated[str, Meta(description="Version of this program")]
    started: Annotated[float, Meta(description="When this web process started, epoch seconds")]
    now: Annotated[float, Meta(description="Its clock, epoch seconds")]


class WorkerTotals(msgspec.Struct, frozen=True):
    """How many workers are in which state."""

    online: Annotated[int, Meta(description="Sent a heartbeat lately")]
    offline: Annotated[int, Meta(description="Said that they stopped")]
    lost: Annotated[int, Meta(description="Stopped sending heartbeats without saying so")]


class TaskTotals(msgspec.Struct, frozen=True):
    """How many tasks the store holds."""

    kept: Annotated[int, Meta(description="All of them")]
    states: Annotated[dict[str, int], Meta(description="By state; a state that no task has is left out")]


class EventTotals(msgspec.Struct, frozen=True):
    """What has come in from the broker."""

    received: Annotated[int, Meta(description="Events received since the store was made")]
    dropped: Annotated[int, Meta(description="Of these dropped, because they came faster than they could be stored")]
    invalid: Annotated[int, Meta(description="Of these not understood")]
    rate: Annotated[float, Meta(description="Events a second over the last minute")]
    lag: Annotated[float | None, Meta(description="Seconds from a worker's clock to the commit; null: no event yet")]
    last: Annotated[float | None, Meta(description="When the last event came, epoch seconds; null: none yet")]
    missed: Annotated[int, Meta(description="Tasks that workers started in the last hour and that were not seen")]
    seen: Annotated[
        float | None,
        Meta(description="Part of what workers did in the last hour that was seen, 0 to 1; null: they did nothing"),
    ]


class Retention(msgspec.Struct, frozen=True):
    """How long tasks are kept."""

    age: Annotated[float | None, Meta(description="Seconds; null: no limit")]
    tasks: Annotated[int, Meta(description="Most tasks kept")]
    bytes: Annotated[int | None, Meta(description="Most bytes of the database that are in use; null: no limit")]


class StoreInfo(msgspec.Struct, frozen=True):
    """The database."""

    kind: Annotated[str, Meta(description="`sqlite`")]
    bytes: Annotated[int, Meta(description="Size on disk")]
    oldest: Annotated[float | None, Meta(description="Time of the oldest task kept, epoch seconds; null: none")]
    state: Annotated[str, Meta(description="`ok`, or what is wrong with writing")]
    retention: Annotated[Retention, Meta(description="What limits its growth")]


class ThroughputMinute(msgspec.Struct, frozen=True):
    """What ended in one minute."""

    minute: Annotated[int, Meta(description="Start of the minute, epoch seconds")]
    succeeded: Annotated[int, Meta(description="Tasks that succeeded")]
    failed: Annotated[int, Meta(description="Tasks that failed")]
    retried: Annotated[int, Meta(description="Attempts that will be retried")]
    revoked: Annotated[int, Meta(description="Tasks that were revoked")]


class SummaryBody(msgspec.Struct, frozen=True):
    """The state of a monitor at a glance."""

    monitor: Annotated[MonitorInfo, Meta(description="The monitor that answers")]
    broker: Annotated[BrokerStatus, Meta(description="Its connection to the broker")]
    workers: Annotated[WorkerTotals, Meta(description="Workers by state")]
    tasks: Annotated[TaskTotals, Meta(description="Tasks by state")]
    events: Annotated[EventTotals, Meta(description="What has come in from the broker")]
    store: Annotated[StoreInfo, Meta(description="The database")]
    throughput: Annotated[
        list[ThroughputMinute],
        Meta(description="The last 60 minutes, oldest first, the running one last; a minute without tasks has zeros"),
    ]
    notices: Annotated[list[Notice], Meta(description="What a person should know, with the fix")]


class TaskList(msgspec.Struct, frozen=True):
    """A page of tasks."""

    items: Annotated[list[TaskRow], Meta(description="The tasks, in the order asked for")]
    next_cursor: Annotated[str | None, Meta(description="Ask for it as `cursor` to go on; null: this was all")]
    progress: Annotated[Progress | None, Meta(description="How far a search came; null without one")]


class TaskChanges(msgspec.Struct, frozen=True):
    """What a `tasks` event of the stream says."""

    items: Annotated[list[TaskRow], Meta(description="Tasks as they are now that have changed, newest change last")]
    truncated: Annotated[bool, Meta(description="More has changed than this: load the list anew")]


class WorkerList(msgspec.Struct, frozen=True):
    """All workers that were ever seen."""

    items: Annotated[list[WorkerRow], Meta(description="The workers, by host name")]


class GapList(msgspec.Struct, frozen=True):
    """What was not seen."""

    items: Annotated[list[GapRow], Meta(description="Gaps, newest first")]
    next_before: Annotated[int | None, Meta(description="Ask for it as `before` to go on; null: this was all")]


class AuditList(msgspec.Struct, frozen=True):
    """Who did what."""

    items: Annotated[list[AuditRow], Meta(description="Requests, newest first")]
    next_before: Annotated[int | None, Meta(description="Ask for it as `before` to go on; null: this was all")]


class NameList(msgspec.Struct, frozen=True):
    """Names of tasks."""

    items: Annotated[list[str], Meta(description="Names, sorted")]


class BrokerReadiness(msgspec.Struct, frozen=True):
    """The part of the broker's state that matters to a probe."""

    state: Annotated[str, Meta(description="`connecting`, `connected` or `disconnected`")]
    since: Annotated[float | None, Meta(description="Since when, epoch seconds")]
    attempts: Annotated[int, Meta(description="Failed attempts since it was last connected")]
    last_error: Annotated[str | None, Meta(description="Why the last attempt failed")]


class StoreReadiness(msgspec.Struct, frozen=True):
    """Whether the database can be read."""

    state: Annotated[str, Meta(description="`ok`, or what is wrong")]
    bytes: Annotated[int | None, Meta(description="Size on disk")]


class IngestReadiness(msgspec.Struct, frozen=True):
    """Whether the ingest process is alive."""

    state: Annotated[Literal["ok", "stale", "unknown"], Meta(description="`stale`: it has stopped writing its status")]
    committed_at: Annotated[float | None, Meta(description="When it last wrote, epoch seconds")]


class Readiness(msgspec.Struct, frozen=True):
    """The answer of `/readyz`."""

    status: Annotated[Literal["ok", "unavailable"], Meta(description="`ok`: answers of this monitor can be used")]
    broker: Annotated[BrokerReadiness | None, Meta(description="A broker that is down leaves the monitor ready")]
    store: Annotated[StoreReadiness, Meta(description="The database")]
    ingest: Annotated[IngestReadiness, Meta(description="The process that receives events")]
