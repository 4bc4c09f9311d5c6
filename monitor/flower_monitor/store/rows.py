"""Stored rows to records."""

from collections.abc import Iterable, Sequence
from typing import Any

from flower_monitor.constants import CUSTOM, EventCode
from flower_monitor.fold import row as r
from flower_monitor.fold.told import Told
from flower_monitor.progress import TaskProgress, progress
from flower_monitor.protect import Caps, still_cut
from flower_monitor.store.names import Names
from flower_monitor.store.records import HistoryEntry, TaskDetail, TaskRow, VerdictRow

#: The texts that have a cap, and their places in a row.
_CAPPED = [(field, r.COLUMNS.index(field)) for field in Caps.__struct_fields__]


def task(row: Sequence[Any], names: Names, verdict: VerdictRow | None = None) -> TaskRow:
    """A task without what only its own page shows."""
    return TaskRow(**_fields(row, names), verdict=verdict)


def detail(
    row: Sequence[Any],
    names: Names,
    children: tuple[str, ...],
    verdict: VerdictRow | None = None,
    told: Sequence[Told] = (),
) -> TaskDetail:
    """A task with its traceback, history and children."""
    return TaskDetail(
        **_fields(row, names),
        verdict=verdict,
        traceback=row[r.TRACEBACK],
        history=history(row, names, told),
        children=children,
        progress=_progress(told),
    )


def may_have_told(row: Sequence[Any]) -> bool:
    """Whether a task may have told something."""
    return any(code >= CUSTOM or code == EventCode.REVOKED for code, _, _ in r.ENTRY.iter_unpack(row[r.HISTORY]))


def history(row: Sequence[Any], names: Names, told: Iterable[Told]) -> tuple[HistoryEntry, ...]:
    """The events of a task in the order they came, with what they told."""
    fields = {one[:3]: one.fields for one in told}
    return tuple(
        HistoryEntry(names.event_type(entry[0]), entry[2], names.text(entry[1]), fields.get(entry))
        for entry in r.ENTRY.iter_unpack(row[r.HISTORY])
    )


def _progress(told: Iterable[Told]) -> TaskProgress | None:
    """The newest by its sender's clock."""
    newest_last = sorted(told, key=lambda one: one.time)
    return next((found for one in reversed(newest_last) if (found := progress(one.fields))), None)


def _fields(row: Sequence[Any], names: Names) -> dict[str, Any]:
    uuid = r.text(row[r.UUID])
    root, parent = row[r.ROOT], row[r.PARENT]
    return {
        "uuid": uuid,
        "name": names.text(row[r.NAME]),
        "state": names.state(row[r.STATE]),
        "worker": names.text(row[r.WORKER]),
        "queue": names.text(row[r.QUEUE]),
        "received": row[r.RECEIVED],
        "sent": row[r.SENT],
        "started": row[r.STARTED],
        "succeeded": row[r.SUCCEEDED],
        "failed": row[r.FAILED],
        "retried": row[r.RETRIED],
        "revoked": row[r.REVOKED],
        "rejected": row[r.REJECTED],
        "runtime": row[r.RUNTIME],
        "timestamp": row[r.TS],
        "args": row[r.ARGS],
        "kwargs": row[r.KWARGS],
        "result": row[r.RESULT],
        "exception": row[r.EXCEPTION],
        "retries": row[r.RETRIES],
        "eta": row[r.ETA],
        "expires": row[r.EXPIRES],
        "exchange": row[r.EXCHANGE],
        "routing_key": row[r.ROUTING_KEY],
        "root_id": uuid if root == r.SELF else root and r.text(root),
        "parent_id": parent and r.text(parent),
        "client": names.text(row[r.CLIENT]),
        "clock": row[r.CLOCK],
        "cut": still_cut(row[r.CUT], {field: row[place] for field, place in _CAPPED}) if row[r.CUT] else {},
    }
