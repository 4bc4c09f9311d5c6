"""What a task was called with, read back from what its events say: Python's text of it, often cut. Pure.

Celery shortens arguments near 1,024 characters (`argsrepr_maxsize`), in the middle of a string too, and the rest then
reads like a value of its own: whatever holds `...` is in doubt.
"""

import json
import math
import re
from typing import Any

from flower_monitor import literals
from flower_monitor.redact import HIDDEN

CUT = "..."
"""What stands in Celery's text where something was left out (`celery.utils.saferepr`)."""

DELAYED = "celery_delayed_27"
"""The exchange that keeps tasks back for quorum queues."""

_DELAYED_KEY = re.compile(r"(?:[01]\.){28}(.+)")

LONGEST = 1 << 16
"""Characters of a text that is read; longer ones don't come from Celery as it is."""

#: JSON's own kinds of values that hold no other.
_PLAIN = (str, int, bool, type(None))


def as_json(text: str | None, kind: type) -> str | None:
    """The text of a Python value as JSON's; None where it is no `kind`, or holds what JSON can't say.

    Args:
        text: `('a', 1)` or `{'b': None}`.
        kind: tuple (lists are taken too) or dict.
    """
    if text is None or len(text) > LONGEST:
        return None
    try:
        value = literals.value(text)
    except ValueError:
        return None
    fits = isinstance(value, dict) if kind is dict else isinstance(value, list | tuple)
    return json.dumps(value, ensure_ascii=False) if fits and _says(value) else None


def doubt(text: str | None, read: str | None, missing: int) -> str | None:
    """Why a text is not all of what the task got; None: nothing speaks against it.

    Args:
        text: What events say.
        read: What `as_json` made of it.
        missing: Characters that this monitor cut off.
    """
    if text is None:
        return "no event told it: put it in"
    if HIDDEN in text:
        return "a redaction rule hides a part of it: put that back in"
    if missing or CUT in text:
        return "it was cut on its way here: put in what is missing"
    return None if read is not None else "it holds what JSON can't say: put it in as the task takes it"


def queue_doubt(queue: str | None, exchange: str | None, routing_key: str | None) -> str | None:
    """Why a task's queue is not known; None: it is.

    Of a task with a countdown on quorum queues Celery tells its exchange of delays alone, with the seconds as bits
    before the routing key (`kombu.transport.native_delayed_delivery`).
    """
    if queue:
        return None
    if exchange == DELAYED and (found := _DELAYED_KEY.fullmatch(routing_key or "")):
        return (
            f"Celery's delayed delivery tells none, only the routing key {found[1]}: mostly that is the queue's name "
            "too, put it in; without a queue it goes to `celery`"
        )
    return "no event told it (task_send_sent_event is off where it was sent): without one it goes to `celery`"


def _says(value: Any) -> bool:
    """Whether JSON can say a value and keep what it is (a tuple is a list to every task that gets it as JSON)."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _says(one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return all(map(_says, value))
    return isinstance(value, _PLAIN)
