"""Every question that web asks of the store. Read-only: it can't make ingest wait.

Not thread-safe: one Reader a thread. A name or a worker that was never seen gives nothing, not an error.
"""

import contextlib
import itertools
import struct
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor.constants import SEEN_WINDOW, State
from flower_monitor.exceptions import QueryError
from flower_monitor.fold import row as r
from flower_monitor.silence import Silence
from flower_monitor.store import (
    connect,
    failures,
    findings,
    held,
    histogram,
    history,
    latencies,
    listing,
    place,
    plan,
    queue_history,
    queues,
    rows,
    search,
    series,
    silences,
    summary_history,
    terms,
    told,
    walk,
    workflows,
    workload,
)
from flower_monitor.store.counted import (
    EventCounts,
    FailureRow,
    PrefetchRow,
    Runtimes,
    SlowestRow,
    TimesRow,
    TotalRow,
)
from flower_monitor.store.failures import FailureQuery, Failures, GroupTasks
from flower_monitor.store.histogram import Histogram, HistogramQuery
from flower_monitor.store.history import History, HistoryQuery
from flower_monitor.store.latencies import Latencies, LatencyQuery
from flower_monitor.store.listing import Filter, Position
from flower_monitor.store.names import Names
from flower_monitor.store.queue_history import DepthQuery, QueueHistory, QueueLines
from flower_monitor.store.records import (
    AuditRow,
    BrokerStatus,
    Changes,
    CounterRow,
    EndedRow,
    GapRow,
    IngestStatus,
    Notice,
    Page,
    Progress,
    RollupRow,
    Seen,
    StoreStatus,
    Summary,
    TaskDetail,
    TaskQuery,
    TaskRow,
    Unsettled,
    WorkerRow,
    WorkloadRow,
)
from flower_monitor.store.summary_history import SummaryHistory
from flower_monitor.store.walk import Found, Walk
from flower_monitor.store.workflows import Workflow

#: Most tasks a page may have.
MAX_LIMIT = 1000

#: Gaps of the last hour that a summary shows.
RECENT_GAPS = 20

#: Ids in one bucket of the uuid index.
BUCKET_BITS = 16

_COLUMNS = ", ".join(r.COLUMNS)


class Reader:
    """Answers from one read-only connection.

    Args:
        path: The file.
        life: Epoch seconds. What ingest said before of itself and the broker, it said in another life; 0: all holds.
    """

    def __init__(self, path: Path, life: float = 0.0) -> None:
        self._path = path
        self._life = life
        self._connection = connect.reader(path)
        self._names = Names(self._connection)
        terms.prepare(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # -- at a glance ---------------------------------------------------------------------------------------

    def summary(self) -> Summary:
        """Broker, ingest, store, workers and counts."""
        with self._snapshot():
            return self._summary()

    def _summary(self) -> Summary:
        status = dict(self._connection.execute("select key, value from status"))
        states = {self._names.state(code): n for code, n in self._rows("select state, n from tally where n > 0")}
        broker = msgspec.json.decode(status.get("broker", "{}"), type=BrokerStatus)
        ingest = msgspec.json.decode(status.get("ingest", "{}"), type=IngestStatus)
        if (ingest.committed_at or 0.0) < self._life:
            broker, ingest = _before_this_life(broker, ingest)
        return Summary(
            batch=self.batch(),
            broker=broker,
            ingest=ingest,
            store=self._store_status(status.get("store", "{}")),
            workers=self._worker_counts(),
            tasks=sum(states.values()),
            states=states,
            notices=[
                *msgspec.json.decode(status.get("notices", "[]"), type=list[Notice]),
                *place.notices(self._path),
            ],
            seen=msgspec.json.decode(status.get("seen", "{}"), type=Seen),
            gaps=findings.recent_gaps(self._connection, time.time() - SEEN_WINDOW, RECENT_GAPS),
            shared=findings.shared(self._connection),
        )

    def batch(self) -> int:
        """Number of the newest commit that changed anything: cheap enough to ask each second."""
        return self._connection.execute("select max(batch) from change").get or 0

    def ingest_started(self) -> float | None:
        """When the ingest process that wrote last was started, epoch seconds; each one has another."""
        sql = "select value ->> 'started' from status where key = 'ingest'"
        found: float | None = self._connection.execute(sql).get
        return found

    def _store_status(self, text: str) -> StoreStatus:
        stored = msgspec.json.decode(text, type=StoreStatus)
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        oldest = self._connection.execute("select min(at) from task").get
        return msgspec.structs.replace(stored, bytes=size, oldest=oldest, state=place.volume(self._path))

    def _worker_counts(self) -> dict[str, int]:
        counted = dict(self._rows("select state, count(*) from worker group by state"))
        return {state: counted.get(state, 0) for state in ("online", "offline", "lost")}

    # -- tasks ---------------------------------------------------------------------------------------------

    def task(self, uuid: str) -> TaskDetail | None:
        """All that is known of a task."""
        with self._snapshot():
            row = self._row(r.key(uuid))
            return self._detail(row) if row else None

    def tasks(self, query: TaskQuery, wanted: Callable[[], bool] = lambda: True) -> Page:
        """A page of tasks. `wanted` is asked now and then while it takes long: False ends it where it is."""
        with self._snapshot():
            return self._page(query, wanted)

    def _page(self, query: TaskQuery, wanted: Callable[[], bool]) -> Page:
        if not 1 <= query.limit <= MAX_LIMIT:
            raise QueryError("limit", f"must be from 1 to {MAX_LIMIT}")
        if query.offset < 0:
            raise QueryError("offset", "must not be negative")
        batch = self.batch()
        after, before = listing.position(query)
        found = self._found(query, after, wanted)
        items = [self._item(row, query.details) for row in found.rows]
        kept = self._kept()
        scanned = min(before + found.scanned, kept)
        searched = query.search or query.terms is not None
        progress = Progress(scanned, kept, items[-1].received if items else None) if searched else None
        return Page(items, listing.cursor(found.end, scanned) if found.end else None, batch, progress)

    def _found(self, query: TaskQuery, after: Position | None, wanted: Callable[[], bool]) -> Found:
        condition = self._condition(query)
        if condition and search.plain(query):
            return search.scan(self._connection, condition, after, query.limit, wanted)
        made = plan.make(self._connection, self._names, query)
        if made is None:
            return Found([], None, 0)
        return Walk(self._connection, made, condition, wanted).page(after, query.limit, query.offset)

    def _condition(self, query: TaskQuery) -> Filter | None:
        """What no index tells: the text, and the terms; None where neither is asked for."""
        found = [search.matches(self._connection, query.search)] if query.search else []
        if query.terms is not None:
            found.append(terms.condition(self._connection, self._names, query.terms))
        return Filter(listing.joined(found), listing.values(found)) if found else None

    def _kept(self) -> int:
        return self._connection.execute("select sum(n) from tally").get or 0

    def order(self, query: TaskQuery) -> "array[int]":
        """Ids of every task that a query fits, its search left aside, in its order: 8 bytes a task."""
        ids = array("q")
        with self._snapshot():
            made = plan.make(self._connection, self._names, query)
            if made is not None:
                ids.extend(key.task for key in walk.everything(self._connection, made))
        return ids

    def by_ids(self, ids: Iterable[int]) -> list[TaskDetail]:
        """Tasks by what `order` gave, in that order; those that retention took meanwhile are left out."""
        with self._snapshot():
            found = (row for task in ids for row in self._by_id(task))
            return [self._detail(row) for row in found]

    def changed_since(self, batch: int, limit: int = 500) -> Changes:
        """Tasks that commits after number `batch` changed, each once, as they are now; the newest of them."""
        with self._snapshot():
            return self._changes(batch, limit)

    def _changes(self, batch: int, limit: int) -> Changes:
        commits = self._rows("select batch, total, ids from change where batch > ? order by batch desc", batch)
        newest = commits[0][0] if commits else max(batch, self.batch())
        ids: dict[int, None] = {}
        for _, _, packed in commits:
            ids.update(dict.fromkeys(reversed([task for (task,) in struct.iter_unpack("<q", packed)])))
        lost = bool(commits) and commits[-1][0] > batch + 1
        truncated = lost or len(ids) > limit or any(total > len(packed) // 8 for _, total, packed in commits)
        items = [self._item(row, False) for task in itertools.islice(ids, limit) for row in self._by_id(task)]
        return Changes(newest, items[::-1], truncated)

    def task_names(self) -> list[str]:
        """Names of tasks that events were ever seen of, sorted."""
        ids = self._rows("select distinct name from event_count where name > 0")
        return sorted(filter(None, (self._names.text(name) for (name,) in ids)))

    def _item(self, row: Any, details: bool) -> TaskRow:
        if details:
            return self._detail(row)
        return rows.task(row, self._names, findings.verdict(self._connection, row))

    def _detail(self, row: Any) -> TaskDetail:
        verdict = findings.verdict(self._connection, row)
        said = told.load(self._connection, row[r.ID]) if rows.may_have_told(row) else ()
        return rows.detail(row, self._names, self._children(row), verdict, said)

    def _row(self, key: r.Key) -> Any:
        """The row of a uuid, held back or not; None: there is none."""
        return self._find(key) or held.find(self._connection, key)

    def _find(self, key: r.Key) -> Any:
        """The row of a uuid: a probe of each bucket, newest first."""
        ends = connect.ends(self._connection)
        sql = f"select {_COLUMNS} from task indexed by task_uuid where id >> 16 = ? and uuid = ?"  # noqa: S608 - constant
        for bucket in range(ends[1] >> BUCKET_BITS, (ends[0] >> BUCKET_BITS) - 1, -1) if ends else ():
            for row in self._connection.execute(sql, (bucket, key)):
                return row
        return None

    def _by_id(self, task: int) -> list[Any]:
        return self._rows(f"select {_COLUMNS} from task where id = ?", task)  # noqa: S608 - constant

    def _children(self, row: Sequence[Any]) -> tuple[str, ...]:
        """Uuids of the tasks that this one started: they share its root."""
        if row[r.ROOT] is None:
            return ()
        root = r.root(r.text(row[r.UUID])) if row[r.ROOT] == r.SELF else row[r.ROOT]
        sql = "select uuid from task where root = ? and root > x'' and parent = ? order by id limit 1000"
        return tuple(r.text(uuid) for (uuid,) in self._rows(sql, root, row[r.UUID]))

    def workflow(self, root_id: str, limit: int) -> Workflow | None:
        """The tasks of a root, `limit` at most; None: none is known to have it. Within `together`."""
        row = self._row(r.key(root_id))
        verdict = None if row is None else findings.verdict(self._connection, row)
        return workflows.read(self._connection, self._names, root_id, row, verdict, limit)

    def root_of(self, uuid: str) -> str | None:
        """The root of a task; None: not known."""
        row = self._row(r.key(uuid))
        return None if row is None or row[r.ROOT] is None else r.text(row[r.ROOT] or row[r.UUID])

    # -- the rest ------------------------------------------------------------------------------------------

    def workers(self) -> list[WorkerRow]:
        """Workers by host name."""
        fields = WorkerRow.__struct_fields__
        found = []
        for row in self._rows(f"select {', '.join(fields)} from worker order by hostname"):  # noqa: S608 - our fields
            values = dict(zip(fields, row, strict=True))
            values["loadavg"] = msgspec.json.decode(values["loadavg"]) if values["loadavg"] else None
            values["counters"] = msgspec.json.decode(values["counters"])
            values["task_events"], values["shared"] = bool(values["task_events"]), bool(values["shared"])
            found.append(WorkerRow(**values))
        return found

    def gaps(self, before: int | None = None, limit: int = 100) -> list[GapRow]:
        """What was not seen, newest first; those before a number."""
        return findings.gaps(self._connection, before, limit)

    def audit(self, before: int | None = None, limit: int = 100) -> list[AuditRow]:
        """Who did what, newest first; that before a number."""
        return findings.audit(self._connection, before, limit)

    def unsettled(
        self, state: State, after: tuple[float, int], limit: int
    ) -> tuple[list[Unsettled], tuple[float, int] | None]:
        """Tasks in a state that a worker has, by the time received; and where to go on, None at the end."""
        return findings.unsettled(self._connection, self._names, state, after, limit)

    def queues(self) -> list[str]:
        """Queues that task-sent events named lately, sorted."""
        return queues.seen(self._connection, self._names, time.time())

    def sent(self, uuids: Iterable[str]) -> dict[str, float]:
        """Task -> when it was sent, by its sender's clock; of those that are known."""
        with self._snapshot():
            found = {uuid: self._row(r.key(uuid)) for uuid in uuids}
        return {uuid: row[r.SENT] for uuid, row in found.items() if row and row[r.SENT] is not None}

    def counters(self) -> list[CounterRow]:
        """Every counter but those of events."""
        return series.counters(self._connection)

    def created(self) -> float:
        """When the store was made, and with it every counter began at 0; 0: not known."""
        return self._connection.execute("select value from meta where key = 'created'").get or 0.0

    def event_counts(self, *, queues: bool = False) -> list[EventCounts]:
        """Task events by worker and type. `queues`: with their queues."""
        return series.event_counts(self._connection, self._names, queues=queues)

    def event_totals(self) -> list[TotalRow]:
        """Task events by type, task and queue."""
        return series.event_totals(self._connection, self._names)

    def rollups(self, minutes: int) -> list[RollupRow]:
        """What ended in the last minutes, oldest first."""
        sql = (
            "select start, name, queue, state, n, runtime_sum from rollup where step = 60 and start > ? order by start"
        )
        return [
            RollupRow(minute, self._names.text(name), self._names.text(queue), self._names.state(state), n, runtime)
            for minute, name, queue, state, n, runtime in self._rows(sql, (int(time.time()) // 60 - minutes) * 60)
        ]

    def latencies(self, query: LatencyQuery) -> Latencies:
        """How long tasks waited and ran: p50, p95 and p99 over any range."""
        with self._snapshot():
            return latencies.read(self._connection, self._names, query)

    def history(self, query: HistoryQuery) -> History:
        """What ended over a range, in equal steps."""
        with self._snapshot():
            return history.read(self._connection, self._names, query)

    def queue_history(self, name: str, query: DepthQuery) -> QueueHistory:
        """How long a queue was over a range, in equal steps."""
        with self._snapshot():
            return queue_history.one(self._connection, self._names, name, query)

    def queue_lines(self, query: DepthQuery) -> QueueLines:
        """The same of all queues that were looked at, in short."""
        with self._snapshot():
            return queue_history.every(self._connection, self._names, query)

    def summary_history(self, query: DepthQuery) -> SummaryHistory:
        """The summary's numbers over a range, in equal steps."""
        with self._snapshot():
            return summary_history.read(self._connection, query)

    def histogram(self, query: HistogramQuery) -> Histogram:
        """How many tasks were received, in equal steps."""
        with self._snapshot():
            return histogram.read(self._connection, self._names, query)

    def failed(self, query: FailureQuery) -> Failures:
        """Failed tasks by task, exception and place."""
        with self._snapshot():
            return failures.read(self._connection, self._names, query, self.silences())

    def failed_tasks(self, query: FailureQuery, group: str, limit: int) -> GroupTasks:
        """The tasks of one group of failures, the newest first."""
        return failures.tasks(self._connection, self._names, query, group, limit)

    def silences(self) -> list[Silence]:
        """Kinds of failure that are silenced now."""
        return silences.in_force(self._connection, time.time())

    def runtimes(self) -> Runtimes:
        """Run times of successes by worker, task and queue; and over all workers, those that were forgotten too."""
        return series.runtimes(self._connection, self._names)

    def waits(self) -> list[TimesRow]:
        """Times from sent, or from an ETA, to started, in constants.WAIT_BUCKETS."""
        return series.waits(self._connection, self._names)

    def failures(self) -> list[FailureRow]:
        """Failures by worker, task, queue and exception."""
        return series.failures(self._connection, self._names)

    def slowest(self) -> list[SlowestRow]:
        """A slow task of each worker, task and queue."""
        return series.slowest(self._connection, self._names)

    def prefetched(self) -> list[PrefetchRow]:
        """What waits and runs on each worker, by task."""
        return series.prefetched(self._connection, self._names)

    def workload(self, now: float) -> list[WorkloadRow]:
        """What workers run, have, and keep for later, by worker and queue."""
        return workload.held(self._connection, self._names, now)

    def ended(self, queue: str | None, start: float, end: float) -> list[EndedRow]:
        """What ended in a range, of one queue or of all: by minute, and what is older by hour and by day."""
        return workload.ended(self._connection, queue, start, end)

    def together(self) -> contextlib.AbstractContextManager[None]:
        """What is read within sees the same commits. Not for what does so by itself: summary, tasks, latencies."""
        return self._snapshot()

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[None]:
        """All reads within see the same commits."""
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        """One statement, one snapshot."""
        return self._connection.execute(sql, values).fetchall()


def _before_this_life(broker: BrokerStatus, ingest: IngestStatus) -> tuple[BrokerStatus, IngestStatus]:
    """What still holds of what an ingest of another life said: the sums."""
    forgotten = msgspec.structs.replace(
        ingest, pid=0, started=None, committed_at=None, lag=None, buffer_bytes=0, rate=0.0
    )
    return BrokerStatus(kind=broker.kind, url=broker.url), forgotten
