"""Every question that web asks of the store. Read-only: it can't make ingest wait.

Not thread-safe: one Reader a thread. A name or a worker that was never seen gives nothing, not an error.
"""

import contextlib
import heapq
import itertools
import struct
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor.constants import RUNTIME_BUCKETS, State
from flower_monitor.exceptions import QueryError
from flower_monitor.fold import row as r
from flower_monitor.store import connect, listing, rows, search
from flower_monitor.store.listing import Filter, Position, Sort
from flower_monitor.store.names import Names
from flower_monitor.store.records import (
    BrokerStatus,
    Changes,
    CounterRow,
    IngestStatus,
    Notice,
    Page,
    PrefetchRow,
    RollupRow,
    RuntimeRow,
    StoreStatus,
    Summary,
    TaskDetail,
    TaskQuery,
    TaskRow,
    WorkerRow,
)

#: Most tasks a page may have.
MAX_LIMIT = 1000

#: Ids in one bucket of the uuid index.
BUCKET_BITS = 16

_COLUMNS = ", ".join(r.COLUMNS)


class Reader:
    """Answers from one read-only connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect.reader(path)
        self._names = Names(self._connection)

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
        return Summary(
            batch=self.batch(),
            broker=msgspec.json.decode(status.get("broker", "{}"), type=BrokerStatus),
            ingest=msgspec.json.decode(status.get("ingest", "{}"), type=IngestStatus),
            store=self._store_status(status.get("store", "{}")),
            workers=self._worker_counts(),
            tasks=sum(states.values()),
            states=states,
            notices=msgspec.json.decode(status.get("notices", "[]"), type=list[Notice]),
        )

    def batch(self) -> int:
        """Number of the newest commit that changed anything: cheap enough to ask each second."""
        return self._connection.execute("select max(batch) from change").get or 0

    def _store_status(self, text: str) -> StoreStatus:
        stored = msgspec.json.decode(text, type=StoreStatus)
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        oldest = self._connection.execute("select min(at) from task").get
        return msgspec.structs.replace(stored, bytes=size, oldest=oldest)

    def _worker_counts(self) -> dict[str, int]:
        counted = dict(self._rows("select state, count(*) from worker group by state"))
        return {state: counted.get(state, 0) for state in ("online", "offline", "lost")}

    # -- tasks ---------------------------------------------------------------------------------------------

    def task(self, uuid: str) -> TaskDetail | None:
        """All that is known of a task."""
        row = self._find(r.key(uuid))
        return rows.detail(row, self._names, self._children(row)) if row else None

    def tasks(self, query: TaskQuery) -> Page:
        """A page of tasks."""
        with self._snapshot():
            return self._page(query, self.batch())

    def _page(self, query: TaskQuery, batch: int) -> Page:
        if not 1 <= query.limit <= MAX_LIMIT:
            raise QueryError("limit", f"must be from 1 to {MAX_LIMIT}")
        if query.offset < 0:
            raise QueryError("offset", "must not be negative")
        sort, after = listing.sort_of(query), listing.position(query)
        plan = self._plan(query)
        if plan is None:
            return Page([], None, batch)
        index, filters, states = plan
        if query.search:
            condition = [_any_of("state", states)] if states else []
            found, end = search.scan(
                self._connection, index, [*filters, *condition], sort, query.search, after, query.limit
            )
        else:
            found, end = self._walk(index, filters, states, sort, after, query)
        items = [self._item(row, query.details) for row in found]
        return Page(items, listing.cursor(end) if end else None, batch)

    def order(self, query: TaskQuery) -> "array[int]":
        """Ids of every task that a query fits, its search left aside, in its order: 8 bytes a task.

        For lists of everything in an order without an index, which pages would sort anew each.
        """
        plan = self._plan(query)
        if plan is None:
            return array("q")
        index, filters, states = plan
        condition = [_any_of("state", states)] if states else []
        everything = listing.select(index, [*filters, *condition], listing.sort_of(query), -1, columns="id")
        return array("q", (task for task, _ in self._select(everything)))

    def by_ids(self, ids: Iterable[int]) -> list[TaskDetail]:
        """Tasks by what `order` gave, in that order; those that retention took meanwhile are left out."""
        with self._snapshot():
            found = (row for task in ids for row in self._by_id(task))
            return [rows.detail(row, self._names, self._children(row)) for row in found]

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

    def _plan(self, query: TaskQuery) -> tuple[str, list[Filter], list[int]] | None:
        """The index to walk, the conditions beside the states', and the states; None: nothing can match."""
        filters = listing.ranges(query)
        index = "task_at"
        for column, text in (("worker", query.worker), ("name", query.name)):
            if text is not None:
                ids = self._names.ids(text, query.ignore_case)
                if not ids:
                    return None
                filters.append(_any_of(column, ids))
                index = f"task_{column}"
        states = [code for name in query.state if (code := self._names.state_code(name)) is not None]
        if query.state and not states:
            return None
        return index, filters, states

    def _walk(
        self, index: str, filters: list[Filter], states: list[int], sort: Sort, after: Position | None, query: TaskQuery
    ) -> tuple[list[Any], Position | None]:
        """Rows of a page without search. Several states are walks of the state index, merged."""
        if after:
            filters = [*filters, sort.after(after)]
        wanted = query.limit + 1
        if states and index == "task_at":
            walks = [[*filters, Filter("state = ?", (code,))] for code in dict.fromkeys(states)]
            found = self._merge("task_state", walks, sort, wanted + query.offset)[query.offset :]
        else:
            condition = [_any_of("state", states)] if states else []
            found = self._select(listing.select(index, [*filters, *condition], sort, wanted, query.offset))
        if len(found) < wanted:
            return found, None
        last = found[query.limit - 1]
        return found[: query.limit], (last[-1], last[r.ID])

    def _merge(self, index: str, walks: Iterable[list[Filter]], sort: Sort, limit: int) -> list[Any]:
        results = [self._select(listing.select(index, filters, sort, limit)) for filters in walks]
        merged = heapq.merge(*results, key=itemgetter(-1, r.ID), reverse=sort.descending)
        return list(itertools.islice(merged, limit))

    def _item(self, row: Any, details: bool) -> TaskRow:
        if details:
            return rows.detail(row, self._names, self._children(row))
        return rows.task(row, self._names)

    def _find(self, key: r.Key) -> Any:
        """The row of a uuid: a probe of each bucket, newest first."""
        low, high = self._connection.execute("select min(id) >> 16, max(id) >> 16 from task").fetchone() or (0, -1)
        sql = f"select {_COLUMNS} from task indexed by task_uuid where id >> 16 = ? and uuid = ?"  # noqa: S608 - constant
        for bucket in range(-1 if high is None else high, (low or 0) - 1, -1):
            for row in self._connection.execute(sql, (bucket, key)):
                return row
        return None

    def _by_id(self, task: int) -> list[Any]:
        return self._rows(f"select {_COLUMNS} from task where id = ?", task)  # noqa: S608 - constant

    def _children(self, row: Sequence[Any]) -> tuple[str, ...]:
        """Uuids of the tasks that this one started: they share its root."""
        if row[r.ROOT] is None:
            return ()
        root = row[r.UUID] if row[r.ROOT] == r.SELF else row[r.ROOT]
        sql = "select uuid from task where root = ? and root > x'' and parent = ? order by id limit 1000"
        return tuple(r.text(uuid) for (uuid,) in self._rows(sql, root, row[r.UUID]))

    # -- the rest ------------------------------------------------------------------------------------------

    def workers(self) -> list[WorkerRow]:
        """Workers by host name."""
        fields = WorkerRow.__struct_fields__
        found = []
        for row in self._rows(f"select {', '.join(fields)} from worker order by hostname"):  # noqa: S608 - our fields
            values = dict(zip(fields, row, strict=True))
            values["loadavg"] = msgspec.json.decode(values["loadavg"]) if values["loadavg"] else None
            values["counters"] = msgspec.json.decode(values["counters"])
            values["task_events"] = bool(values["task_events"])
            found.append(WorkerRow(**values))
        return found

    def counters(self) -> list[CounterRow]:
        """Every counter; task events are `task_events` with labels worker, type and task."""
        found = [
            CounterRow(name, msgspec.json.decode(labels), value)
            for name, labels, value in self._rows("select name, labels, value from counter")
        ]
        for sender, code, name, n in self._rows("select sender, type, name, n from event_count"):
            labels = {
                "worker": self._names.text(sender) or "",
                "type": self._names.event_type(code),
                "task": self._names.text(name) or "",
            }
            found.append(CounterRow("task_events", labels, n))
        return found

    def rollups(self, minutes: int) -> list[RollupRow]:
        """What ended in the last minutes, oldest first."""
        sql = "select minute, name, queue, state, n, runtime_sum from rollup where minute > ? order by minute"
        return [
            RollupRow(
                minute * 60, self._names.text(name), self._names.text(queue), self._names.state(state), n, runtime
            )
            for minute, name, queue, state, n, runtime in self._rows(sql, int(time.time()) // 60 - minutes)
        ]

    def runtimes(self) -> list[RuntimeRow]:
        """Run times by worker and task."""
        found: dict[tuple[int, int], RuntimeRow] = {}
        sums: dict[tuple[int, int], float] = {}
        for sender, name, bucket, n, total in self._rows("select sender, name, bucket, n, total from runtime"):
            row = found.get((sender, name))
            if row is None:
                empty = [0] * (len(RUNTIME_BUCKETS) + 1)
                row = found[sender, name] = RuntimeRow(
                    self._names.text(sender) or "", self._names.text(name) or "", empty, 0.0
                )
            row.buckets[bucket] = n
            sums[sender, name] = sums.get((sender, name), 0.0) + total
        return [msgspec.structs.replace(row, sum=sums[key]) for key, row in found.items()]

    def prefetched(self) -> list[PrefetchRow]:
        """What waits and runs on each worker, by task."""
        waiting = "select worker, name, sum(eta is null) from task where state = ? group by worker, name"
        # SQLite takes `received` from the row that has the maximum.
        running = "select worker, name, max(started), received from task where state = ? group by worker, name"
        found: dict[tuple[int, int], tuple[int, float]] = {}
        for worker, name, n in self._rows(waiting, State.RECEIVED.value):
            found[worker, name] = (n, 0.0)
        for worker, name, started, received in self._rows(running, State.STARTED.value):
            waited = max(0.0, started - received) if started is not None and received is not None else 0.0
            found[worker, name] = (found.get((worker, name), (0, 0.0))[0], waited)
        return [
            PrefetchRow(self._names.text(worker) or "", self._names.text(name) or "", n, waited)
            for (worker, name), (n, waited) in found.items()
        ]

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[None]:
        """All reads within see the same commits."""
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    def _select(self, query: Filter) -> list[Any]:
        return self._rows(query.sql, *query.values)

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        """One statement, one snapshot."""
        return self._connection.execute(sql, values).fetchall()


def _any_of(column: str, values: Sequence[int]) -> Filter:
    """A column has one of some values; with one of them its index is walked in order."""
    if len(values) == 1:
        return Filter(f"{column} = ?", tuple(values))
    return Filter(f"{column} in ({', '.join('?' * len(values))})", tuple(values))
