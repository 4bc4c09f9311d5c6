"""A task as Flower kept it, as events again: so it is folded, redacted and stored like any other. Pure.

Flower keeps the last time of each kind, not the history; of a task that was retried the last attempt is what is left.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from flower_monitor.fold.events import Event

TIMES = (
    ("sent", "task-sent"),
    ("received", "task-received"),
    ("started", "task-started"),
    ("retried", "task-retried"),
    ("succeeded", "task-succeeded"),
    ("failed", "task-failed"),
    ("revoked", "task-revoked"),
    ("rejected", "task-rejected"),
)
"""Fields that are times, and the events that set them, in their usual order."""

_DESCRIBING = ("name", "args", "kwargs", "eta", "expires", "retries", "root_id", "parent_id")
_SENDING = ("exchange", "routing_key")
_OUTCOME = ("result", "exception", "traceback", "runtime")

UNKNOWN = "unknown@flower.db"
"""Host name of a sender that Flower did not know."""


def events(task: Mapping[str, Any]) -> Iterator[Event]:
    """The events of a task, in the order of their times."""
    happened = sorted(
        (task[field], order, kind) for order, (field, kind) in enumerate(TIMES) if _is_time(task.get(field))
    )
    described = False
    for time, _, kind in happened:
        fields = {"type": kind, "timestamp": time, "uuid": task["uuid"], "hostname": _sender(task, kind)}
        fields |= _given(task, ("clock",))
        if kind in ("task-sent", "task-received") or not described:
            fields |= _given(task, _DESCRIBING)
            described = True
        if kind == "task-sent":
            fields |= _given(task, _SENDING)
        elif kind not in ("task-received", "task-started"):
            fields |= _given(task, _OUTCOME)
        yield msgspec.convert(fields, Event, strict=False)


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and 0 < value < 1e11


def _sender(task: Mapping[str, Any], kind: str) -> str:
    if kind == "task-sent":
        return str(task.get("client") or UNKNOWN)
    return str(task.get("worker") or UNKNOWN)


def _given(task: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: task[field] for field in fields if task.get(field) is not None}
