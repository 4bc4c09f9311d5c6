"""Reading what was not seen, what was found out about unfinished tasks, and who did what."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import apsw
import msgspec

from flower_monitor.constants import LAST_FINISHED, State
from flower_monitor.fold import row as r
from flower_monitor.store.names import Names
from flower_monitor.store.records import AuditRow, GapRow, Unsettled, VerdictRow
from flower_monitor.store.sql import statement
from flower_monitor.truth.verdict import Outcome

_LAST_FINISHED = LAST_FINISHED.value
_WORKERS = msgspec.json.Decoder(dict[str, int])
_EVIDENCE = msgspec.json.Decoder(tuple[str, ...])

_COLUMNS = "id, why, start, until, detail, missed, events, workers, more"
_GAPS = f"select {_COLUMNS} from gap where id < coalesce(?, 1 << 62) order by id desc limit ?"  # noqa: S608 - constants
#: Gaps end in the order of their numbers, or nearly: only the newest can have ended lately.
_RECENT_GAPS = f"""
select {_COLUMNS} from gap
where id > (select max(id) from gap) - 200 and (until is null or until > ?) order by id desc limit ?
"""  # noqa: S608 - constants
_AUDIT = f"""
select {", ".join(AuditRow.__struct_fields__)} from audit where id < coalesce(?, 1 << 62) order by id desc limit ?
"""  # noqa: S608 - our fields
_VERDICT = "select verdict, why, evidence, at from verdict where task = ? and ts = ?"

#: The walk goes by the time received, which a worker's task has; a verdict holds while no event came after it.
_UNSETTLED = """
select task.id, task.uuid, task.name, task.state, task.worker, task.received, task.started, task.ts, task.eta,
  verdict.at, verdict.verdict, verdict.why, task.at
from task indexed by task_state left join verdict on verdict.task = task.id and verdict.ts = task.ts
where state = ? and (task.at, task.id) > (?, ?) order by task.at, task.id limit ?
"""


def gaps(connection: apsw.Connection, before: int | None, limit: int) -> list[GapRow]:
    """Gaps, newest first, those before one of them."""
    return [_gap(row) for row in connection.execute(_GAPS, (before, limit))]


def audit(connection: apsw.Connection, before: int | None, limit: int) -> list[AuditRow]:
    """Who did what, newest first, before one of them."""
    rows: Iterator[Any] = connection.execute(_AUDIT, (before, limit))
    return [AuditRow(*row) for row in rows]


def recent_gaps(connection: apsw.Connection, since: float, limit: int) -> list[GapRow]:
    """The gaps that end after a time or go on, newest first."""
    return [_gap(row) for row in connection.execute(_RECENT_GAPS, (since, limit))]


def gaps_within(connection: apsw.Connection, start: float, end: float, limit: int) -> list[GapRow]:
    """The gaps that touch a range, newest first."""
    values = {"start": start, "end": end, "limit": limit}
    return [_gap(row) for row in connection.execute(statement("gaps_within"), values)]


def shared(connection: apsw.Connection) -> list[str]:
    """Host names that several processes use."""
    found: Iterator[Any] = connection.execute("select hostname from worker where shared order by hostname limit 100")
    return [hostname for (hostname,) in found]


def verdict(connection: apsw.Connection, row: Sequence[Any]) -> VerdictRow | None:
    """The verdict that holds for a task's row."""
    if row[r.STATE] <= _LAST_FINISHED:
        return None
    for outcome, why, evidence, at in connection.execute(_VERDICT, (row[r.ID], row[r.TS])):
        return VerdictRow(
            cast(Outcome, outcome), cast(str, why), _EVIDENCE.decode(cast(str, evidence)), cast(float, at)
        )
    return None


def unsettled(
    connection: apsw.Connection, names: Names, state: State, after: tuple[float, int], limit: int
) -> tuple[list[Unsettled], tuple[float, int] | None]:
    """Tasks in a state, by the time received; and where to go on, None at the end."""
    rows: list[Any] = connection.execute(_UNSETTLED, (state.value, *after, limit)).fetchall()
    found = [
        Unsettled(
            id=task, uuid=r.text(uuid), name=names.text(name), state=names.state(code), worker=names.text(worker),
            received=received, started=started, ts=ts, eta=eta, judged_at=judged_at, verdict=outcome, why=why,
        )
        for task, uuid, name, code, worker, received, started, ts, eta, judged_at, outcome, why, _ in rows
    ]  # fmt: skip
    return found, (rows[-1][-1], rows[-1][0]) if len(rows) == limit else None


def _gap(row: Any) -> GapRow:
    number, why, start, end, detail, missed, events, workers, more = row
    return GapRow(
        id=number, why=why, start=start, end=end, detail=detail, missed=missed, events=events,
        workers=_WORKERS.decode(workers), more=more,
    )  # fmt: skip
