"""Stored rows to records."""

from collections.abc import Sequence
from typing import Any

from flower_monitor.fold import row as r
from flower_monitor.protect import Caps, still_cut
from flower_monitor.store.names import Names
from flower_monitor.store.records import HistoryEntry, TaskDetail, TaskRow, VerdictRow

#: The texts that have a cap, and their places in a row.
_CAPPED = [(field, r.COLUMNS.index(field)) for field in Caps.__struct_fields__]


def task(row: Sequence[Any], names: Names, verdict: VerdictRow | None = None) -> TaskRow:
    """A task without what only its own page shows."""
    return TaskRow(**_fields(row, names), verdict=verdict)


def detail(
    row: Sequence[Any], names: Names, children: tuple[str, ...], verdict: VerdictRow | None = None
) -> TaskDetail:
    """A task with its traceback, history and children."""
    fields = _fields(row, names)
    return TaskDetail(
        **fields, verdict=verdict, traceback=row[r.TRACEBACK], history=history(row, names), children=children
    )


def history(row: Sequence[Any], names: Names) -> tuple[HistoryEntry, ...]:
    """The events of a task in the order they came."""
    return tuple(
        HistoryEntry(names.event_type(code), time, names.text(sender))
        for code, sender, time in r.ENTRY.iter_unpack(row[r.HISTORY])
    )


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
