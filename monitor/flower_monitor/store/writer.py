"""The only code that writes tasks. One transaction a batch, all of it or nothing: rows, counts, status, retention.

A batch costs by the pages it dirties, so each task is written once however many events it got.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import apsw
import msgspec

from flower_monitor.constants import CHANGES_KEPT, CHANGES_NAMED
from flower_monitor.exceptions import StoreBroken, StoreUnusable
from flower_monitor.fold import row as r
from flower_monitor.fold.intern import Interner
from flower_monitor.fold.tasks import Tasks
from flower_monitor.fold.worker import Worker
from flower_monitor.fold.workers import Workers
from flower_monitor.store.filters import Filters, buckets
from flower_monitor.store.retention import Retention

#: Seconds of each commit that retention may take: of a batch of 250 ms it leaves most to what is new.
RETENTION_BUDGET = 0.075

#: Milliseconds that the last checkpoint waits for readers; what it does not move is moved at the next start.
LAST_CHECKPOINT = 500

#: A counter: name and labels.
CounterKey = tuple[str, tuple[tuple[str, str], ...]]

_MARKS = ", ".join("?" * len(r.COLUMNS))
_INSERT = f"insert into task({', '.join(r.COLUMNS)}) values ({_MARKS})"  # noqa: S608 - constants
#: ?1 is the id. Texts that have left memory stay as they are stored.
_UPDATE = "update task set {} where id = ?1".format(  # noqa: S608 - constants
    ", ".join(
        f"{column} = coalesce(?{place + 1}, {column})" if place >= r.ARGS else f"{column} = ?{place + 1}"
        for place, column in enumerate(r.COLUMNS)
        if place > r.UUID
    )
)
_FIND = f"select {', '.join(r.COLUMNS)} from task indexed by task_uuid where id >> 16 = ? and uuid = ?"  # noqa: S608 - constants
_WORKER = Worker.__struct_fields__[:-1]  # without `said_at`
_SAVE_WORKER = f"insert or replace into worker({', '.join(_WORKER)}) values ({', '.join('?' * len(_WORKER))})"  # noqa: S608 - constants


class Writer:
    """Owns the connection that writes."""

    def __init__(self, connection: apsw.Connection, max_tasks: int, retention_age: float | None) -> None:
        self._connection = connection
        self._filters = Filters()
        self._filters.load(connection)
        self._retention = Retention(connection, max_tasks, retention_age)
        self._minute = 0
        last_name = connection.execute("select max(id) from name").get or 0
        self.names = Interner(self._name, last_name + 1)
        self.batch = connection.execute("select max(batch) from change").get or 0
        self._tally: dict[int, int] = dict(connection.execute("select state, n from tally"))

    # -- at the start --------------------------------------------------------------------------------------

    def tasks(self) -> Tasks:
        """The tasks to fold into; nothing of them is in memory yet."""
        last = self._connection.execute("select max(id) from task").get or 0
        # Ids are never given twice: a deleted task's may still be the newest that `arrival` and `change` know.
        last = max(last, self._connection.execute("select max(task) from arrival").get or 0)
        counted: Iterable[Any] = self._connection.execute("select sender, type, name from event_count")
        series: Iterable[tuple[int, int, int]] = counted
        return Tasks(self.names, self, last + 1, series)

    def workers(self) -> Workers:
        """The workers as they were when the monitor stopped."""
        sql = f"select {', '.join(_WORKER)} from worker"  # noqa: S608 - constants
        return Workers(_worker(row) for row in self._connection.execute(sql))

    def counters(self) -> dict[str, float]:
        """Totals of the counters by name, over all labels."""
        return dict(self._connection.execute("select name, sum(value) from counter group by name"))

    # -- while it runs -------------------------------------------------------------------------------------

    def find(self, key: r.Key, number: int) -> r.Row | None:
        """The stored row of a uuid; when there is none, the id by which it is found from now on."""
        try:
            for generation in self._filters.generations(key):
                for bucket in buckets(generation):
                    for row in self._connection.execute(_FIND, (bucket, key)):
                        return list(row)
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise StoreBroken(str(error)) from error
        self._filters.add(key, number)
        return None

    def commit(
        self,
        tasks: Tasks,
        workers: Workers,
        counters: Mapping[CounterKey, float],
        status: Mapping[str, Any],
        now: float,
    ) -> None:
        """Write everything, or nothing and StoreUnusable: then call it again with the same.

        StoreBroken when the file is damaged, so that no later call can do better.
        """
        tally = self._tally.copy()
        try:
            self._connection.execute("begin immediate")
            self._write(tasks, workers, counters, tally, now)
            self._write_status(status)
            self._connection.execute("commit")
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise StoreBroken(str(error)) from error
        except apsw.Error as error:
            self._undo()
            raise StoreUnusable(f"the store can't be written: {error}") from error
        self._tally = tally
        self.names.saved()
        self.batch += bool(tasks.new or tasks.dirty)

    def abandon(self) -> None:
        """Let go of a file that is damaged."""
        self._connection.close(True)

    def close(self) -> None:
        """Store what makes the next start quick, and let go of the file."""
        try:
            self._connection.execute("begin immediate")
            self._filters.save(self._connection, all_of_it=True)
            self._connection.execute("commit")
            self._connection.set_busy_timeout(LAST_CHECKPOINT)
            self._connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        except apsw.Error as error:
            self._undo()
            raise StoreUnusable(f"the store can't be written: {error}") from error
        finally:
            self._connection.close()

    # -- the parts of a commit -----------------------------------------------------------------------------

    def _write(
        self,
        tasks: Tasks,
        workers: Workers,
        counters: Mapping[CounterKey, float],
        tally: dict[int, int],
        now: float,
    ) -> None:
        many = self._connection.executemany
        many("insert into name(id, text) values (?, ?)", [(n, text) for text, n in self.names.new.items()])
        many(_INSERT, list(tasks.new.values()))
        many(_UPDATE, list(tasks.dirty.values()))
        many(
            "insert into event_count values (?, ?, ?, ?) on conflict do update set n = n + excluded.n",
            [(*series, n) for series, n in tasks.counts.items()],
        )
        many(
            "insert into rollup values (?, ?, ?, ?, ?, ?) "
            "on conflict do update set n = n + excluded.n, runtime_sum = runtime_sum + excluded.runtime_sum",
            [(*slot, n, runtime) for slot, (n, runtime) in tasks.rollup.items()],
        )
        many(
            "insert into runtime values (?, ?, ?, ?, ?) "
            "on conflict do update set n = n + excluded.n, total = total + excluded.total",
            [(*place, n, total) for place, (n, total) in tasks.runtimes.items()],
        )
        self._write_workers(workers)
        self._write_counters(counters)
        for state, n in tasks.tally.items():
            tally[state] = tally.get(state, 0) + n
        self._retention.apply(tally, now, RETENTION_BUDGET)
        many("insert or replace into tally values (?, ?)", list(tally.items()))
        self._filters.save(self._connection)
        if int(now // 60) != self._minute:
            self._minute = int(now // 60)
            self._filters.forget(self._connection)
        self._write_change(tasks)

    def _write_workers(self, workers: Workers) -> None:
        many = self._connection.executemany
        many(_SAVE_WORKER, [_worker_values(worker) for worker in workers.dirty.values()])
        many("delete from worker where hostname = ?", [(hostname,) for hostname in workers.gone])

    def _write_counters(self, counters: Mapping[CounterKey, float]) -> None:
        self._connection.executemany(
            "insert into counter values (?, ?, ?) on conflict do update set value = value + excluded.value",
            [(name, json.dumps(dict(labels)), value) for (name, labels), value in counters.items()],
        )

    def _write_change(self, tasks: Tasks) -> None:
        """What the live feed has to look at."""
        changed = [row[r.ID] for group in (tasks.dirty, tasks.new) for row in group.values()]
        if not changed:
            return
        named = changed[-CHANGES_NAMED:]
        values = (self.batch + 1, len(changed), struct.pack(f"<{len(named)}q", *named))
        self._connection.execute("insert into change values (?, ?, ?)", values)
        self._connection.execute("delete from change where batch <= ?", (self.batch + 1 - CHANGES_KEPT,))

    def _write_status(self, status: Mapping[str, Any]) -> None:
        self._connection.executemany(
            "insert or replace into status values (?, ?)",
            [(key, msgspec.json.encode(value).decode()) for key, value in status.items()],
        )

    def _undo(self) -> None:
        """Back to what is stored."""
        if self._connection.in_transaction:
            self._connection.execute("rollback")
        self._retention.reset()
        self._filters.unsaved()

    # -- look-ups ------------------------------------------------------------------------------------------

    def _name(self, text: str) -> int | None:
        found: int | None = self._connection.execute("select id from name where text = ?", (text,)).get
        return found


def _worker(row: tuple[Any, ...]) -> Worker:
    values = dict(zip(_WORKER, row, strict=True))
    values["loadavg"] = json.loads(values["loadavg"]) if values["loadavg"] else None
    values["counters"] = json.loads(values["counters"])
    values["task_events"] = bool(values["task_events"])
    return Worker(**values)


def _worker_values(worker: Worker) -> tuple[Any, ...]:
    values = {field: getattr(worker, field) for field in _WORKER}
    values["loadavg"] = None if worker.loadavg is None else json.dumps(worker.loadavg)
    values["counters"] = json.dumps(worker.counters)
    return tuple(values.values())
