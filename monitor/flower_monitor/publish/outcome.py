"""What a result backend has of a task, as JSON can say it. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

READY = frozenset({"SUCCESS", "FAILURE", "REVOKED"})
"""Celery's READY_STATES: nothing comes after them."""

ABORTED = "ABORTED"
"""The state that `celery.contrib.abortable` writes; tasks of its class look for it."""


class Outcome(msgspec.Struct, frozen=True):
    """What is known of a task."""

    state: str = "PENDING"
    """PENDING also where the backend has nothing of it."""

    result: Any = None
    """What it returned; of an exception its `repr`; before the end what it told with `update_state(meta=…)`."""

    traceback: str | None = None
    date_done: str | None = None
    """When it ended, ISO 8601."""

    name: str | None = None
    """Name of the task, where workers have `result_extended`."""

    @property
    def ready(self) -> bool:
        """Whether it has ended."""
        return self.state in READY


def outcome(meta: Mapping[str, Any]) -> Outcome:
    """Of what Celery's backends give."""
    done, traceback, name = (meta.get(key) for key in ("date_done", "traceback", "name"))
    return Outcome(
        state=str(meta["status"]),
        result=jsonable(meta.get("result")),
        traceback=None if traceback is None else str(traceback),
        date_done=done.isoformat() if isinstance(done, datetime) else done if isinstance(done, str) else None,
        name=name if isinstance(name, str) else None,
    )


def jsonable(value: Any) -> Any:
    """A value that JSON has, or the text that Python shows it as: Flower's rule."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return repr(value)
