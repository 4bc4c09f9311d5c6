"""Writing what was not seen, found out and done: gaps, verdicts, audit, and the workers with their books."""

from collections.abc import Iterable, Sequence
from typing import Any

import apsw
import msgspec

from flower_monitor.audit import AuditEntry
from flower_monitor.fold.worker import STORED, Worker
from flower_monitor.truth.gaps import Gap
from flower_monitor.truth.offset import Offset
from flower_monitor.truth.verdict import Verdict

#: Gaps kept: the newest.
GAPS = 10_000

#: Verdicts kept: those of the newest tasks.
VERDICTS = 100_000

#: Audit entries kept: the newest, some 20 MB of them.
AUDITED = 100_000

_JSON = ("loadavg", "counters", "accounts")
_PLACES = tuple(STORED.index(field) for field in _JSON)
_SAVE = f"insert or replace into worker({', '.join(STORED)}) values ({', '.join('?' * len(STORED))})"  # noqa: S608 - constants
_LOAD = f"select {', '.join(STORED)} from worker"  # noqa: S608 - constants

_encode = msgspec.json.Encoder().encode


def load_workers(connection: apsw.Connection, now: float) -> list[Worker]:
    """The workers as they were stored."""
    return [_worker(row, now) for row in connection.execute(_LOAD)]


def save_workers(connection: apsw.Connection, workers: Iterable[Worker], gone: Sequence[str]) -> None:
    """Write those that changed, delete those that are gone."""
    connection.executemany(_SAVE, [_values(worker) for worker in workers])
    connection.executemany("delete from worker where hostname = ?", [(hostname,) for hostname in gone])


def last_gap(connection: apsw.Connection) -> int:
    """The highest number of a gap, 0: there is none. What went on when an ingest last wrote is ended there."""
    ended = "select value ->> 'committed_at' from status where key = 'ingest'"
    connection.execute(f"update gap set until = max(start, ({ended})) where until is null")  # noqa: S608 - constant
    return connection.execute("select max(id) from gap").get or 0


def save_gaps(connection: apsw.Connection, gaps: Iterable[Gap]) -> None:
    """Write gaps that are new or have changed; the oldest go."""
    rows = [
        (g.id, g.why, g.start, g.end, g.detail, g.missed, g.events, _encode(g.workers).decode(), len(g.others))
        for g in gaps
    ]
    if rows:
        connection.executemany("insert or replace into gap values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("delete from gap where id <= (select max(id) from gap) - ?", (GAPS,))


def save_verdicts(connection: apsw.Connection, verdicts: Iterable[Verdict]) -> None:
    """Write the verdicts whose tasks are as they were judged."""
    connection.executemany(
        "insert or replace into verdict select id, ?2, ?3, ?4, ?5, ?6 from task where id = ?1 and ts = ?2",
        [(v.task, v.ts, v.verdict, v.why, _encode(v.evidence).decode(), v.at) for v in verdicts],
    )


def save_audit(connection: apsw.Connection, entries: Sequence[AuditEntry]) -> None:
    """Write who did what; the oldest go."""
    if not entries:
        return
    connection.executemany(
        "insert into audit values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(e.at, e.user, e.role, e.address, e.method, e.path, e.detail, e.status, e.outcome) for e in entries],
    )
    connection.execute("delete from audit where id <= (select max(id) from audit) - ?", (AUDITED,))


def forget_verdicts(connection: apsw.Connection) -> None:
    """Delete the verdicts of tasks that are gone, and the oldest of too many."""
    connection.execute("delete from verdict where task < (select min(id) from task)")
    connection.execute(
        "delete from verdict where task <= (select task from verdict order by task desc limit 1 offset ?)", (VERDICTS,)
    )


def _worker(row: tuple[Any, ...], now: float) -> Worker:
    values = dict(zip(STORED, row, strict=True))
    for field in _JSON:
        values[field] = msgspec.json.decode(values[field]) if values[field] else None
    worker = msgspec.convert(values, Worker, strict=False)
    if worker.clock_offset is not None:
        worker.offset = Offset(now, -worker.clock_offset)
    return worker


def _values(worker: Worker) -> list[Any]:
    values = [getattr(worker, field) for field in STORED]
    for place in _PLACES:
        if values[place] is not None:
            values[place] = _encode(values[place]).decode()
    return values
