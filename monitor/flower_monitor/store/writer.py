"""The only code that writes tasks. One transaction a batch, all of it or nothing: rows, counts, status, retention.

A batch costs by the pages it dirties, so each task is written once however many events it got.
"""

import json
import struct
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import apsw
import msgspec

from flower_monitor.constants import CHANGES_KEPT, CHANGES_NAMED
from flower_monitor.exceptions import StoreBroken, StoreUnusable
from flower_monitor.fold import row as r
from flower_monitor.fold.intern import Interner
from flower_monitor.fold.tasks import Tasks
from flower_monitor.fold.worker import FORGET_AFTER
from flower_monitor.fold.workers import Workers
from flower_monitor.news import News
from flower_monitor.store import checkpoint, connect, measured, silences, summary_history, told, truth
from flower_monitor.store.clock import Clock
from flower_monitor.store.depths import Depths
from flower_monitor.store.filters import Filters, buckets
from flower_monitor.store.held import Held
from flower_monitor.store.pruning import HOUR, Pruning
from flower_monitor.store.records import StoreStatus
from flower_monitor.store.retention import Keep, Retention
from flower_monitor.store.rollups import Rollups
from flower_monitor.store.sampled import Sampled
from flower_monitor.truth.gaps import Gaps
from flower_monitor.truth.verdict import Verdict

#: Seconds of each commit that retention may take: of a batch of 250 ms it leaves most to what is new.
RETENTION_BUDGET = 0.075

#: Milliseconds that the last checkpoint waits for readers; what it does not move is moved at the next start.
LAST_CHECKPOINT = 500

Status = TypeVar("Status")

#: A counter: name and labels.
CounterKey = tuple[str, tuple[tuple[str, str], ...]]

_MARKS = ", ".join("?" * len(r.COLUMNS))
_INSERT = f"insert into task({', '.join(r.COLUMNS)}) values ({_MARKS})"  # noqa: S608 - constants


def _update(but: Collection[int]) -> str:
    """The statement that writes a row but for some columns. Texts that have left memory stay as they are stored."""
    values = (
        f"{column} = coalesce(?{place + 1}, {column})" if place >= r.ARGS else f"{column} = ?{place + 1}"
        for place, column in enumerate(r.COLUMNS)
        if place not in but
    )
    return f"update task set {', '.join(values)} where id = ?1"  # noqa: S608 - constants


_UPDATE = _update((r.ID, r.UUID))
#: SQLite writes each index anew of which a column is named, whether that changes or not.
_ADVANCE = _update((r.ID, r.UUID, r.NAME, r.WORKER, r.AT, r.ROOT))
_FIND = f"select {', '.join(r.COLUMNS)} from task indexed by task_uuid where id >> 16 = ? and uuid = ?"  # noqa: S608 - constants


class Writer:
    """Owns the connection that writes."""

    def __init__(self, connection: apsw.Connection, keep: Keep, clock: Clock | None = None) -> None:
        self._connection = connection
        self._filters = Filters()
        self._filters.load(connection)
        self._keep = keep
        self._clock = clock or Clock()
        self._retention = Retention(connection, keep, self._clock)
        self._rollups = Rollups(connection, keep.rollups)
        self._minute = 0
        last_name = connection.execute("select max(id) from name").get or 0
        self.names = Interner(self._name, last_name + 1, self._name_text)
        self._pruning = Pruning(connection, self.names)
        self._depths = Depths(connection, self.names, keep.rollups)
        self._summaries = Sampled(connection, summary_history.LAYOUT, keep.rollups)
        self._held = Held(connection)
        self.batch = connection.execute("select max(batch) from change").get or 0
        self._tally: dict[int, int] = dict(connection.execute("select state, n from tally"))

    # -- at the start --------------------------------------------------------------------------------------

    def tasks(self) -> Tasks:
        """The tasks to fold into; nothing of them is in memory yet."""
        last = self._connection.execute("select max(id) from task").get or 0
        # Ids are never given twice: a deleted task's may still be the newest that `arrival` and `change` know.
        last = max(last, self._connection.execute("select max(task) from arrival").get or 0)
        sql = "select sender, type, name, queue from event_count where sender >= 0"
        counted: Iterable[Any] = self._connection.execute(sql)
        series: Iterable[tuple[int, int, int, int]] = counted
        tasks = Tasks(self.names, self, last + 1, series)
        for row in self._held.load():
            tasks.take_back(row)
        return tasks

    def workers(self, forget_after: float = FORGET_AFTER) -> Workers:
        """The workers as they were when the monitor stopped; forgotten so many seconds after they are gone."""
        gaps = Gaps(truth.last_gap(self._connection) + 1)
        return Workers(truth.load_workers(self._connection, time.time()), gaps, forget_after)

    def stored(self, key: str, kind: type[Status]) -> Status | None:
        """A part of the status as an ingest before wrote it; None: there is none."""
        found = self._connection.execute("select value from status where key = ?", (key,)).get
        return None if found is None else msgspec.json.decode(found, type=kind)

    def counters(self) -> dict[str, float]:
        """Totals of the counters by name, over all labels."""
        return dict(self._connection.execute("select name, sum(value) from counter group by name"))

    def status(self) -> StoreStatus:
        """What the settings say of the store."""
        keep = self._keep
        return StoreStatus(retention_age=keep.age, retention_tasks=keep.tasks, retention_bytes=keep.bytes)

    # -- while it runs -------------------------------------------------------------------------------------

    def find(self, key: r.Key) -> r.Row | None:
        """The stored row of a uuid."""
        try:
            for generation in self._filters.generations(key):
                for bucket in buckets(generation):
                    for row in self._connection.execute(_FIND, (bucket, key)):
                        return list(row)
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise StoreBroken(str(error)) from error
        return None

    def numbered(self, key: r.Key, number: int) -> None:
        """A uuid is that of a task with this id from now on."""
        self._filters.add(key, number)

    def commit(
        self,
        tasks: Tasks,
        workers: Workers,
        counters: Mapping[CounterKey, float],
        status: Mapping[str, Any],
        now: float,
        news: News | None = None,
    ) -> None:
        """Write all that `tasks.prepare` chose and what is new beside, or nothing and StoreUnusable: then call it
        again with the same.

        StoreBroken when the file is damaged, so that no later call can do better.
        """
        news = news or News()
        tally = self._tally.copy()
        forgotten = self._ids(workers.gone)
        try:
            self._connection.execute("begin immediate")
            depths = self._depths.rows(news.queues)
            self._write(tasks, workers, counters, tally, now)
            self._depths.add(depths)
            self._summaries.add(summary_history.rows(news.summaries))
            measured.forget(self._connection, forgotten)
            truth.save_verdicts(self._connection, news.verdicts)
            truth.save_audit(self._connection, news.audit)
            silences.save(self._connection, news.silences)
            changed = self._write_change(tasks, news.verdicts)
            self._write_status(status)
            self._connection.execute("commit")
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise StoreBroken(str(error)) from error
        except apsw.Error as error:
            self._undo()
            raise StoreUnusable(f"the store can't be written: {connect.told(error)}") from error
        self._tally = tally
        if forgotten:
            tasks.forget(forgotten)
        self.names.saved()
        self._pruning.settled()
        self.batch += changed

    def follow(self, told: Callable[[int], None]) -> None:
        """Have somebody told after each commit how many pages are in the log."""

        def committed(connection: apsw.Connection, _: str, pages: int) -> int:
            told(pages)
            # This takes the place of SQLite's own net below the checkpoint (`wal_autocheckpoint`).
            if pages >= connect.LONGEST_LOG:
                checkpoint.move(connection)
            return apsw.SQLITE_OK

        self._connection.set_wal_hook(committed)

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
            raise StoreUnusable(f"the store can't be written: {connect.told(error)}") from error
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
        hour = int(now // HOUR)
        many("insert into name(id, text, seen) values (?, ?, ?)", [(n, t, hour) for t, n in self.names.new.items()])
        outbox = tasks.outbox
        many(_INSERT, list(outbox.inserts.values()))
        many(_ADVANCE, list(outbox.advanced.values()))
        many(_UPDATE, list(outbox.dirty.values()))
        self._held.save(outbox.new.values())
        told.save(self._connection, tasks.told.values())
        many(
            "insert into event_count values (?, ?, ?, ?, ?) on conflict do update set n = n + excluded.n",
            [(*series, n) for series, n in tasks.counts.items()],
        )
        self._rollups.add(tasks.rollup, now)
        measured.save(self._connection, tasks.measures)
        truth.save_workers(self._connection, workers.dirty.values(), workers.gone)
        truth.save_gaps(self._connection, workers.gaps.dirty.values())
        self._write_counters(counters)
        for state, n in tasks.tally.items():
            tally[state] = tally.get(state, 0) + n
        deadline = time.monotonic() + RETENTION_BUDGET
        self._retention.apply(tally, now, deadline)
        if self._clock.settled():
            self._rollups.thin(now, deadline)
            self._depths.thin(now, deadline)
            self._summaries.thin(now, deadline)
        many("insert or replace into tally values (?, ?)", list(tally.items()))
        self._filters.save(self._connection)
        if int(now // 60) != self._minute:
            self._minute = int(now // 60)
            self._filters.forget(self._connection)
            self._pruning.apply(now)
            truth.forget_verdicts(self._connection)

    def _write_counters(self, counters: Mapping[CounterKey, float]) -> None:
        self._connection.executemany(
            "insert into counter values (?, ?, ?) on conflict do update set value = value + excluded.value",
            [(name, json.dumps(dict(labels)), value) for (name, labels), value in counters.items()],
        )

    def _write_change(self, tasks: Tasks, verdicts: Sequence[Verdict]) -> bool:
        """What the live feed has to look at; whether there is anything."""
        changed = [verdict.task for verdict in verdicts]
        changed += [row[r.ID] for group in tasks.outbox.prepared for row in group.values()]
        if not changed:
            return False
        named = changed[-CHANGES_NAMED:]
        values = (self.batch + 1, len(changed), struct.pack(f"<{len(named)}q", *named))
        self._connection.execute("insert into change values (?, ?, ?)", values)
        self._connection.execute("delete from change where batch <= ?", (self.batch + 1 - CHANGES_KEPT,))
        return True

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
        self._rollups.reset()
        self._held.reset()
        self._depths.reset()
        self._summaries.reset()
        self._pruning.reset()
        self._minute = 0
        self._filters.unsaved()

    # -- look-ups ------------------------------------------------------------------------------------------

    def _name_text(self, number: int) -> str | None:
        found: str | None = self._connection.execute("select text from name where id = ?", (number,)).get
        return found

    def _ids(self, texts: Iterable[str]) -> frozenset[int]:
        """The numbers of those that have one."""
        return frozenset(number for text in texts if (number := self.names.known.get(text) or self._name(text)))

    def _name(self, text: str) -> int | None:
        found: int | None = self._connection.execute("select id from name where text = ?", (text,)).get
        return found
