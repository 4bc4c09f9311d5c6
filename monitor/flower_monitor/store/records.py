"""What the reader answers with. msgspec Structs: frozen, typed, and encoded to JSON as they are."""

from typing import Any, Literal

import msgspec

from flower_monitor.grammar import Expression
from flower_monitor.progress import TaskProgress
from flower_monitor.truth.incidents import Why
from flower_monitor.truth.verdict import Outcome


class VerdictRow(msgspec.Struct, frozen=True, gc=False):
    """What was found out about a task whose end no event told."""

    verdict: Outcome
    why: str
    evidence: tuple[str, ...]
    at: float


class TaskRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A task in a list. Times are epoch seconds; what is not known is None."""

    uuid: str
    name: str | None
    state: str
    worker: str | None
    queue: str | None
    received: float | None
    sent: float | None
    started: float | None
    succeeded: float | None
    failed: float | None
    retried: float | None
    revoked: float | None
    rejected: float | None
    runtime: float | None
    timestamp: float
    args: str | None
    kwargs: str | None
    result: str | None
    exception: str | None
    retries: int | None
    eta: str | None
    expires: str | None
    exchange: str | None
    routing_key: str | None
    root_id: str | None
    parent_id: str | None
    client: str | None
    clock: int
    cut: dict[str, int]
    """Characters that are missing at the end of args, kwargs, result, exception or traceback."""
    verdict: VerdictRow | None = None
    """Only of an unfinished task; the state stays what events say."""


class HistoryEntry(msgspec.Struct, frozen=True, gc=False):
    """One event of a task."""

    type: str
    timestamp: float
    worker: str | None
    fields: dict[str, Any] | None = None
    """What a custom event told beside; None: nothing, or it is no longer kept."""


class TaskDetail(TaskRow, frozen=True, kw_only=True, gc=False):
    """A task with all that is known of it."""

    traceback: str | None
    history: tuple[HistoryEntry, ...]
    children: tuple[str, ...]
    progress: TaskProgress | None = None
    """How far it was when a custom event last told."""


class TaskQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks, in what order, and where to go on."""

    state: tuple[str, ...] = ()
    """Any of these; empty: all."""

    name: str | None = None
    """Exact name of the task."""

    worker: str | None = None
    """Exact host name of the worker."""

    search: str | None = None
    """Text (any case) in uuid, name, args, kwargs, result or exception."""

    terms: Expression | None = None
    """What Flower's search language says of it; None: anything."""

    received_start: float | None = None
    """Received at or after; leaves out tasks that were never received. So does `received_end` (at or before)."""

    received_end: float | None = None

    sort: str = "-received"
    """One of `listing.SORTS`, `-` before it for descending. `received` falls back to sent or first seen."""

    limit: int = 100
    cursor: str | None = None
    """`Page.next_cursor` of the page before, with the same filters and sort."""

    offset: int = 0
    """Rows to skip, as Flower's API does. Its cost grows with it: use the cursor where you can."""

    ignore_case: bool = False
    """`name` and `worker` match in any case (of ASCII letters)."""

    details: bool = False
    """Items are `TaskDetail`."""


class Progress(msgspec.Struct, frozen=True):
    """How far a search came, this page and those before it."""

    scanned: int
    """Tasks looked at."""

    of: int
    """Tasks kept."""

    reached: float | None
    """When the last task on the page was received."""


class Page(msgspec.Struct, frozen=True):
    """Some tasks. It may be short, even empty, and still have a next page: looking for what fits is time-boxed.

    That happens with a search, and where several filters leave little of what each of them has.
    """

    items: list[TaskRow]
    next_cursor: str | None
    batch: int
    """Number of the newest commit it shows."""

    progress: Progress | None = None
    """Of a search."""


class Changes(msgspec.Struct, frozen=True):
    """Tasks changed by the commits after the one asked for, newest last."""

    batch: int
    """Number of the newest commit looked at: ask for what came after this next time."""

    items: list[TaskRow]

    truncated: bool
    """There were more than fit, or the commit asked for is no longer remembered: load the page anew."""


class WorkerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A worker."""

    hostname: str
    state: Literal["online", "offline", "lost"]
    pid: int | None
    active: int | None
    processed: int | None
    loadavg: list[float] | None
    freq: float | None
    first_seen: float
    last_heartbeat: float | None
    sw_ident: str | None
    sw_ver: str | None
    sw_sys: str | None
    clock: int | None
    task_events: bool
    counters: dict[str, int]
    since: float | None = None
    """When its process took the place of the one before, by its own clock; None: no other was known."""

    restarts: int = 0
    shared: bool = False
    """Two processes or more say that they are this worker."""

    clock_offset: float | None = None
    """Seconds that its clock is ahead of ours, less the way of its quickest event."""

    lag: float | None = None
    """Seconds that its last heartbeat took to us."""

    tasks_due: int = 0
    """Tasks it started while it was watched, by its heartbeats."""

    tasks_missed: int = 0
    """Of these those of whose start no event came."""


class GapRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was not seen. Times are epoch seconds by our clock."""

    id: int
    why: Why
    start: float
    end: float | None
    detail: str | None
    missed: int | None
    """Tasks that workers started and of whose start no event came; None: no worker has told yet."""

    events: int | None
    """Events that the monitor dropped; None: not known."""

    workers: dict[str, int]
    """Host name -> `missed` of it; the first twenty."""

    more: int
    """Workers beyond those."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what workers did was seen, over the last hour."""

    due: int = 0
    """Tasks that workers say they started."""

    missed: int = 0
    """Of these those of whose start no event came."""


class Unsettled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A task that a worker received or started, and of which nothing was heard for a while."""

    id: int
    uuid: str
    name: str | None
    state: str
    worker: str | None
    received: float | None
    started: float | None
    ts: float
    """Time of its newest event, its worker's clock."""

    eta: str | None
    judged_at: float | None
    """When it got the verdict that holds; None: it has none."""

    verdict: Outcome | None
    why: str | None = None
    """Of that verdict."""


class WorkloadRow(msgspec.Struct, frozen=True):
    """What a worker has of a queue, as events tell."""

    worker: str
    queue: str | None
    """None: no task-sent event told it."""

    running: int
    waiting: int
    """Received, due, and not started."""

    scheduled: int
    """Received, and not due before their ETA."""


class EndedRow(msgspec.Struct, frozen=True):
    """Attempts that took a process and ended in a minute, an hour or a day."""

    start: int
    """Epoch seconds."""

    step: int
    """Seconds."""

    n: int
    succeeded: int
    runtime_sum: float
    """Seconds that those ran which succeeded."""


class CounterRow(msgspec.Struct, frozen=True):
    """A counter that only grows, over restarts too."""

    name: str
    labels: dict[str, str]
    value: float


class RollupRow(msgspec.Struct, frozen=True):
    """What ended in one minute, by name, queue and state. `minute` is its start in epoch seconds."""

    minute: int
    name: str | None
    queue: str | None
    state: str
    n: int
    runtime_sum: float


class BrokerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The connection to the broker."""

    kind: str = "unknown"
    url: str = ""
    """Without credentials."""

    state: Literal["connecting", "connected", "disconnected"] = "connecting"
    since: float | None = None
    attempts: int = 0
    """Failed ones since it was last connected."""

    last_error: str | None = None

    mode: str | None = None
    """How events come: `pub/sub`; on RabbitMQ `queue`, `existing-queue` or `exclusive-queue`; else `consumer`."""

    backlog: int | None = None
    """Messages that wait for us in the broker, where it tells."""


class IngestStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The ingest process. It writes this at least every two seconds (`constants.STATUS_INTERVAL`)."""

    pid: int = 0
    started: float | None = None
    batch: int = 0
    """Number of the last commit that changed anything."""

    committed_at: float | None = None
    """When it last wrote, by our clock. Older than `constants.STATUS_STALE`: ingest is dead or stuck."""

    lag: float | None = None
    """Seconds between an event and its commit, median of the last batch, by the senders' clocks."""

    buffer_bytes: int = 0
    rate: float = 0.0
    """Events a second over the last minute."""

    last_event: float | None = None
    """When an event was last received, by our clock."""

    events_received: int = 0
    events_dropped: int = 0
    events_invalid: int = 0


class AuditRow(msgspec.Struct, frozen=True):
    """A request that would have changed something: audit.AuditEntry, numbered."""

    id: int
    at: float
    user: str
    role: str
    address: str
    method: str
    path: str
    detail: str
    status: int
    outcome: str


class Notice(msgspec.Struct, frozen=True):
    """Something a person should know, with the fix."""

    code: str
    severity: Literal["warning", "info"]
    message: str
    fix: str


class StoreStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The store itself."""

    kind: str = "sqlite"
    bytes: int = 0
    oldest: float | None = None
    state: str = "ok"
    """`ok`, or what is wrong with the volume: `disk full`, `read-only`."""

    retention_age: float | None = None
    retention_tasks: int = 0
    retention_bytes: int | None = None
    """Bytes of the file that tasks may take; None: no limit."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """All that the first glance needs. Web adds its own name, version and rollups."""

    batch: int
    """Number of the newest commit it shows."""

    broker: BrokerStatus
    ingest: IngestStatus
    store: StoreStatus
    workers: dict[str, int]
    """online, offline and lost -> how many."""

    tasks: int
    """Kept now."""

    states: dict[str, int]
    """State -> how many are kept. Exact."""

    notices: list[Notice]

    seen: Seen = Seen()
    gaps: list[GapRow] = []
    """The newest of the last hour, newest first."""

    shared: list[str] = []
    """Host names that several processes use."""
