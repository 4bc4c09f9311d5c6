"""A real store file, filled by hand: rows as the ingest process writes them, without a broker."""

import struct
import time
import uuid as uuids
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor.constants import CUSTOM, EVENT_TYPES, State
from flower_monitor.fold import row as r
from flower_monitor.store import connect
from flower_monitor.store.records import BrokerStatus, IngestStatus, Notice, Seen, StoreStatus


class StoreFile:
    """Writes a store the way ingest does: one commit a call, numbered, remembered in `change`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect.writer(path)
        self.batch = 0
        self.set_status()

    def close(self) -> None:
        self.connection.close()

    def set_status(
        self,
        *,
        committed_at: float | None = None,
        broker: BrokerStatus | None = None,
        ingest: IngestStatus | None = None,
        notices: list[Notice] | None = None,
        seen: Seen | None = None,
    ) -> None:
        """Write what ingest says of itself; alive, however slow the machine is, and connected unless said otherwise."""
        now = time.time()
        committed = now + 3600 if committed_at is None else committed_at
        self._put("broker", broker or BrokerStatus(kind="redis", url="redis://h:6379/0", state="connected", since=now))
        self._put(
            "ingest",
            ingest or IngestStatus(pid=1, started=now, batch=self.batch, committed_at=committed, lag=0.1),
        )
        self._put("store", StoreStatus(retention_age=3600.0, retention_tasks=1000))
        self._put("notices", notices or [])
        self._put("seen", seen or Seen())

    def add(self, *tasks: dict[str, Any]) -> int:
        """Insert or replace tasks in one commit; returns its number."""
        with self.connection:
            ids = [self._write(task) for task in tasks]
            self._changed(ids)
        return self.batch

    def worker(self, hostname: str = "w1@host", **fields: Any) -> None:
        """Insert or replace a worker that is online."""
        now = time.time()
        values: dict[str, Any] = {
            "hostname": hostname, "state": "online", "pid": 7, "freq": 2.0, "first_seen": now, "last_heartbeat": now,
            "active": 0, "processed": 0, "loadavg": "[0.1,0.2,0.3]", "sw_ident": "py-celery", "sw_ver": "5.7.0",
            "sw_sys": "Linux", "clock": 1, "task_events": 1, "counters": "{}", **fields,
        }  # fmt: skip
        self.insert("worker", values)

    def count(self, name: str, labels: dict[str, str], value: float) -> None:
        """Set a counter."""
        self.insert("counter", {"name": name, "labels": msgspec.json.encode(labels).decode(), "value": value})

    def count_events(self, worker: str, event_type: str, task: str | None, n: int, queue: str | None = None) -> None:
        """Set the number of task events of one sender, type, task and queue."""
        self._count("event_count", worker, task, queue, type=self._code(event_type), n=n)

    def runtime(self, worker: str, task: str, bucket: int, n: int, total: float, queue: str | None = None) -> None:
        """Set how many successes took a time in a bucket, and how long together."""
        self._count("runtime", worker, task, queue, bucket=bucket, n=n, total=total)

    def wait(self, worker: str, task: str, bucket: int, n: int, total: float, queue: str | None = None) -> None:
        """Set how many attempts waited a time in a bucket, and how long together."""
        self._count("queue_wait", worker, task, queue, bucket=bucket, n=n, total=total)

    def failure(self, worker: str, task: str, exception: str, n: int, uuid: str = "failed", queue: str = "") -> None:
        """Set how many failed of an exception, and the last of them."""
        fields = {"exception": self.name(exception), "n": n, "uuid": r.key(uuid), "at": 1_795_251_117.5}
        self._count("failure", worker, task, queue, **fields)

    def slowest(self, worker: str, task: str, uuid: str, ran: float, queue: str | None = None) -> None:
        """Set the slowest success."""
        self._count("slowest", worker, task, queue, uuid=r.key(uuid), ran=ran, at=1_795_251_117.5)

    def rollup(self, minute: int, state: str, n: int, name: str = "tasks.add") -> None:
        """Set what ended in a minute (epoch seconds of its start)."""
        values = {"step": 60, "start": minute // 60 * 60, "name": self.name(name), "queue": self.name("celery"),
                  "state": State[state].value, "n": n, "runtime_sum": 0.0}  # fmt: skip
        self.insert("rollup", values)

    def tell(self, uuid: str, kind: str, sender: str, at: float, fields: dict[str, Any]) -> None:
        """Set what one event of a task told."""
        found = self.connection.execute("select id from task where uuid = ?", (r.key(uuid),)).get
        events = msgspec.json.encode([[self._code(kind), self.name(sender), at, fields]]).decode()
        self.insert("told", {"task": found, "events": events})

    def name(self, text: str) -> int:
        """The id of a text, interned."""
        self.connection.execute("insert or ignore into name(text) values (?)", (text,))
        found: int = self.connection.execute("select id from name where text = ?", (text,)).get
        return found

    def _count(self, table: str, worker: str, task: str | None, queue: str | None, **values: Any) -> None:
        key = {
            "sender": self.name(worker), "name": self.name(task) if task else 0,
            "queue": self.name(queue) if queue else 0,
        }  # fmt: skip
        with self.connection:
            self.insert(table, {**key, **values})
            self._changed([])

    def _changed(self, ids: list[int]) -> None:
        """Note what a commit changed: tasks, or at least what is counted of them."""
        self.batch += 1
        packed = struct.pack(f"<{len(ids[-500:])}q", *ids[-500:])
        self.connection.execute("insert into change values (?, ?, ?)", (self.batch, len(ids), packed))

    def _put(self, key: str, value: Any) -> None:
        self.insert("status", {"key": key, "value": msgspec.json.encode(value).decode()})

    def insert(self, table: str, values: dict[str, Any]) -> None:
        """Insert or replace a row of a table."""
        sql = f"insert or replace into {table}({', '.join(values)}) values ({', '.join('?' * len(values))})"  # noqa: S608
        self.connection.execute(sql, tuple(values.values()))

    def _write(self, task: dict[str, Any]) -> int:
        key = r.key(task["uuid"])
        sql = "select id, state from task where uuid = ?"
        row, state = self.connection.execute(sql, (key,)).fetchone() or (None, None)
        values = {**task, "id": row, "uuid": key, "state": self._state(task["state"])}
        for column in ("name", "worker", "queue", "client"):
            values[column] = None if values[column] is None else self.name(values[column])
        values["root"] = r.SELF if task["root"] == task["uuid"] else task["root"] and r.root(task["root"])
        values["parent"] = task["parent"] and r.key(task["parent"])
        values["history"] = b"".join(
            r.ENTRY.pack(self._code(kind), self.name(sender), at) for kind, sender, at in task["history"]
        )
        self.insert("task", values)
        written = self.connection.last_insert_rowid()
        self._tally(Counter({values["state"]: 1}))
        if state is not None:
            self._tally(Counter({state: -1}))
        return written

    def _code(self, kind: str) -> int:
        """The code of a type of events."""
        if kind in EVENT_TYPES:
            return EVENT_TYPES.index(kind)
        return CUSTOM + self.name(kind.removeprefix("task-").upper())

    def _state(self, name: str) -> int:
        return State[name].value if name in State.__members__ else CUSTOM + self.name(name)

    def _tally(self, change: Counter[int]) -> None:
        for state, n in change.items():
            self.connection.execute("insert or ignore into tally values (?, 0)", (state,))
            self.connection.execute("update tally set n = n + ? where state = ?", (n, state))


def task(uuid: str | None = None, **fields: Any) -> dict[str, Any]:
    """A task that succeeded, by column of the store; texts instead of interned ids."""
    identifier = uuid or str(uuids.uuid4())
    received = fields.get("received", 1_795_251_117.5)
    started = None if received is None else received + 0.25
    values: dict[str, Any] = {
        "uuid": identifier, "name": "tasks.add", "state": "SUCCESS", "worker": "w1@host", "queue": "celery",
        "at": received or 1_795_251_117.0, "received": received, "started": started, "runtime": 0.5,
        "ts": (received or 1_795_251_117.0) + 1, "clock": 115,
        "sent": None, "succeeded": None if received is None else received + 1, "failed": None, "retried": None,
        "revoked": None, "rejected": None, "args": "(3, 4)", "kwargs": "{}", "result": "7", "exception": None,
        "traceback": None, "root": identifier, "parent": None, "retries": 0, "eta": None, "expires": None,
        "exchange": "", "routing_key": "celery", "client": "gen1@host",
        "history": [("task-received", "w1@host", received)] if received else [],
    }  # fmt: skip
    return values | fields
