"""The JSON of `/api/v1`, where it is not a row of the store as it is (`store.records`)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from flower_monitor.progress import TaskProgress
from flower_monitor.silence import Silence
from flower_monitor.store.records import AuditRow, BrokerStatus, GapRow, Notice, Progress, TaskRow, WorkerRow
from flower_monitor.web.outcome import Acknowledged, Said, Silent

HostName = Annotated[str, Meta(description="Host name of the worker")]
TaskId = Annotated[str, Meta(description="Id of the task, as Celery gave it")]


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
    free: Annotated[int | None, Meta(description="Bytes that its volume has left; null: it does not say")]
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


class Doubt(msgspec.Struct, frozen=True):
    """Why something of a call is not certain."""

    field: Annotated[Literal["name", "queue", "args", "kwargs"], Meta(description="What of it")]
    why: Annotated[str, Meta(description="Why, and what to do about it")]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and what they may."""

    name: Annotated[str, Meta(description="Name of the user or of the token")]
    role: Annotated[str, Meta(description="Their role: viewer, operator or admin")]
    permissions: Annotated[list[str], Meta(description="What they may: `view`, `control`, `publish`, `administer`")]
    holders: Annotated[dict[str, str], Meta(description="Permission -> the role that may least and has it")]
    read_only: Annotated[bool, Meta(description="Nobody may change anything here: option `--read-only`")]
    session: Annotated[bool, Meta(description="They came by a login provider, and `/logout` ends that")]
    results: Annotated[bool, Meta(description="There is a result backend: results, progress, aborting")]


class SentTask(msgspec.Struct, frozen=True):
    """A task that was sent."""

    uuid: Annotated[str, Meta(description="Its id")]
    name: Annotated[str, Meta(description="Its name")]


class TaskCall(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to send a task again, as far as events told."""

    uuid: TaskId
    name: Annotated[str | None, Meta(description="Its name; null: not seen")]
    queue: Annotated[str | None, Meta(description="Queue it was sent to; null: not seen")]
    args: Annotated[
        str | None, Meta(description="Its positional arguments, as the text of a JSON array; null: unknown")
    ]
    kwargs: Annotated[
        str | None, Meta(description="Its keyword arguments, as the text of a JSON object; null: unknown")
    ]
    doubts: Annotated[
        list[Doubt], Meta(description="Why it may not be the same task again; none: it is, as far as events told")
    ]


class TaskResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the result backend has of a task, without what redaction rules hide."""

    uuid: Annotated[str, Meta(description="Id of the task")]
    state: Annotated[str, Meta(description="State by the backend; PENDING: it has nothing of it. Custom states too")]
    result: Annotated[Any, Meta(description="What it returned, or its exception as text; null before its end")]
    meta: Annotated[Any, Meta(description="What it told with `update_state(meta=…)`; null after its end")]
    traceback: Annotated[str | None, Meta(description="Where it failed, as text")]
    date_done: Annotated[str | None, Meta(description="When it ended, ISO 8601")]
    progress: Annotated[
        TaskProgress | None, Meta(description="How far it is, where its meta has the numbers `current` and `total`")
    ]


class TaskChanges(msgspec.Struct, frozen=True):
    """What a `tasks` event of the stream says."""

    items: Annotated[list[TaskRow], Meta(description="Tasks as they are now that have changed, newest change last")]
    truncated: Annotated[bool, Meta(description="This is not all: the rest is in the list, sorted by `-timestamp`")]


class WorkerList(msgspec.Struct, frozen=True):
    """All workers that were ever seen."""

    items: Annotated[list[WorkerRow], Meta(description="The workers, by host name")]


class Answer(msgspec.Struct, frozen=True):
    """What a worker said of itself."""

    at: Annotated[float, Meta(description="When it said so, epoch seconds")]
    age: Annotated[float, Meta(description="Seconds ago")]
    value: Annotated[Any, Meta(description="What it said, as Celery has it")]


class WorkerDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A worker: what its events say, and what it says itself when it is asked."""

    hostname: HostName
    worker: Annotated[WorkerRow | None, Meta(description="What its events say; null: none came")]
    problem: Annotated[str | None, Meta(description="Why what it says is missing or old; null: it is neither")]
    stats: Annotated[Answer | None, Meta(description="Pool, broker, process, tasks accepted by name; null: unknown")]
    conf: Annotated[Answer | None, Meta(description="Celery's settings that differ from its own; null: unknown")]
    registered: Annotated[Answer | None, Meta(description="Names of its tasks, with their rate limits; null: unknown")]
    active_queues: Annotated[Answer | None, Meta(description="Queues that it consumes from; null: unknown")]
    active: Annotated[Answer | None, Meta(description="Tasks that it runs; null: unknown")]
    reserved: Annotated[Answer | None, Meta(description="Tasks that it has and has not started; null: unknown")]
    scheduled: Annotated[Answer | None, Meta(description="Tasks that wait there for their time; null: unknown")]
    revoked: Annotated[Answer | None, Meta(description="Ids of tasks that it will not start; null: unknown")]


class PoolBody(msgspec.Struct, frozen=True, kw_only=True):
    """The size of a worker's pool."""

    worker: HostName
    pool: Annotated[str | None, Meta(description="Its kind, such as `celery.concurrency.prefork:TaskPool`")]
    before: Annotated[int, Meta(description="Processes, threads or greenlets before")]
    concurrency: Annotated[int, Meta(description="The same now, as the worker says")]
    wanted: Annotated[int, Meta(description="The same as asked for")]


class WorkerPool(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker told of its pool and queues."""

    hostname: HostName
    pool: Annotated[str | None, Meta(description="Its kind, such as `celery.concurrency.prefork:TaskPool`")]
    concurrency: Annotated[int, Meta(description="Processes, threads or greenlets")]
    autoscales: Annotated[bool, Meta(description="It sets its size by itself, within a range")]
    queues: Annotated[list[str], Meta(description="Queues that it consumes from, sorted")]
    age: Annotated[float, Meta(description="Seconds since it last answered")]


class WorkerPoolList(msgspec.Struct, frozen=True):
    """The pools of workers that ever answered."""

    items: Annotated[list[WorkerPool], Meta(description="The pools, by host name")]


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the revoking of a task."""

    uuid: TaskId
    state: Annotated[str | None, Meta(description="Its state before, by its events; null: no event of it came")]
    acknowledged: Acknowledged
    replies: Said
    silent: Silent


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the revoking of many tasks, or would."""

    dry_run: Annotated[bool, Meta(description="Nothing was done: this is what would be")]
    matched: Annotated[
        int, Meta(description="Unfinished tasks that the filters fit, up to the most that one call takes")
    ]
    more: Annotated[bool, Meta(description="They fit more than that: narrow them")]
    first: Annotated[list[str], Meta(description="Ids of the first of them, oldest first")]
    sent: Annotated[int, Meta(description="Tasks that workers were told to revoke")]
    acknowledged: Annotated[bool, Meta(description="Whether there was a worker, and all online have done all of it")]
    refused: Annotated[dict[str, str], Meta(description="By host name why a worker has not done it")]
    silent: Silent


class GapList(msgspec.Struct, frozen=True):
    """What was not seen."""

    items: Annotated[list[GapRow], Meta(description="Gaps, newest first")]
    next_before: Annotated[int | None, Meta(description="Ask for it as `before` to go on; null: this was all")]


class AuditList(msgspec.Struct, frozen=True):
    """Who did what."""

    items: Annotated[list[AuditRow], Meta(description="Requests, newest first")]
    next_before: Annotated[int | None, Meta(description="Ask for it as `before` to go on; null: this was all")]


class SilenceList(msgspec.Struct, frozen=True):
    """Kinds of failure that are silenced."""

    items: Annotated[list[Silence], Meta(description="The silences, that which ends first first")]


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
