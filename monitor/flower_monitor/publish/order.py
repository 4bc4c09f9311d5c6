"""A task to send, of the JSON that somebody posted: checked as far as can be known without Celery. Pure.

Options are those of Celery's `apply_async`; one that is not known here is passed on as it is, as Flower does.
"""

import math
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from flower_monitor.exceptions import OptionError

FLOWER_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
"""How Flower wants times; here ISO 8601 is taken too. What has no offset is UTC, as workers read it."""

LONGEST = 2**31 - 1
"""Seconds, about 68 years: Celery counts no more."""

LONGEST_TEXT = 255
"""Bytes of a name in AMQP."""

OBJECTS = frozenset(
    {
        *("connection", "producer", "publisher", "router", "result_cls", "task_type", "event_dispatcher", "declare"),
        *("name", "body", "content_type", "content_encoding", "retry", "retry_policy", "self"),
        *("immediate", "mandatory"),
    }
)
"""Parameters of Celery's functions that are no options of a message: objects of Python, or what is decided here."""


class Order(msgspec.Struct, frozen=True):
    """A task to send."""

    name: str
    args: list[Any]
    kwargs: dict[str, Any]
    options: dict[str, Any]
    """Celery's, by its names and types, without `task_id`."""

    uuid: str


def order(name: str, given: Mapping[str, Any]) -> Order:
    """The task that a JSON object asks for: `args`, `kwargs`, and options.

    Raises:
        OptionError: Something of it can't be sent. The text begins with Flower's, where Flower has one.
    """
    options = dict(given)
    args, kwargs = options.pop("args", []), options.pop("kwargs", {})
    if not isinstance(args, list):
        raise OptionError("args", "args must be an array")
    if not isinstance(kwargs, dict):
        raise OptionError("kwargs", "kwargs must be an object")
    checked = {option: _checked(option, value) for option, value in options.items()}
    kept = {option: value for option, value in checked.items() if value is not None}
    return Order(name, args, kwargs, kept, kept.pop("task_id", None) or str(uuid.uuid4()))


def seconds(field: str, value: Any) -> float:
    """A number of seconds, or its text."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not abs(number) <= LONGEST:
        raise _invalid(field, "a number of seconds")
    return number


def _moment(field: str, value: Any) -> datetime:
    if isinstance(value, str):
        for parse in (datetime.fromisoformat, lambda text: datetime.strptime(text, FLOWER_FORMAT)):
            try:
                found = parse(value.strip())
                return found if found.tzinfo else found.replace(tzinfo=UTC)
            except ValueError:
                continue
    raise _invalid(field, "a time such as '2030-01-31 12:00:00.000000' (UTC), or ISO 8601")


def _expiry(field: str, value: Any) -> float | datetime:
    for take in (seconds, _moment):
        try:
            return take(field, value)
        except OptionError:
            continue
    raise _invalid(field, "a number of seconds, or a time such as '2030-01-31 12:00:00.000000' (UTC)")


def _limit(field: str, value: Any) -> float | None:
    return None if value is None else seconds(field, value)


def _kind(kind: type, words: str) -> Callable[[str, Any], Any]:
    def check(field: str, value: Any) -> Any:
        if value is not None and not isinstance(value, kind):
            raise _invalid(field, words)
        return value

    return check


def _text(field: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not 0 < len(value.encode()) <= LONGEST_TEXT):
        raise _invalid(field, f"a text of at most {LONGEST_TEXT} bytes")
    return value


def _whole(lowest: int, highest: int) -> Callable[[str, Any], Any]:
    def check(field: str, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise _invalid(field, f"a whole number from {lowest} to {highest}")
        return value

    return check


def _signatures(field: str, value: Any) -> Any:
    """One or several tasks, whole: a worker that misses a part fails when it comes to it."""
    if value is None:
        return None
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) and isinstance(one.get("task"), str) for one in found):
        raise _invalid(field, """a signature such as {"task": "tasks.add", "args": [1, 2]}, or a list of them""")
    return [{**_SIGNATURE, **one} for one in found]


_SIGNATURE: Mapping[str, Any] = {"args": [], "kwargs": {}, "options": {}, "subtask_type": None, "immutable": False}
"""What Celery wants in a signature beside `task`."""

_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "countdown": seconds,
    "eta": _moment,
    "expires": _expiry,
    **dict.fromkeys(("time_limit", "soft_time_limit", "timeout", "confirm_timeout"), _limit),
    **dict.fromkeys(
        (
            *("queue", "exchange", "exchange_type", "routing_key", "serializer", "compression", "task_id", "shadow"),
            *("reply_to", "root_id", "parent_id", "group_id", "correlation_id"),
        ),
        _text,
    ),
    "priority": _whole(0, 255),
    "delivery_mode": _whole(1, 2),
    "retries": _whole(0, 1_000_000),
    **dict.fromkeys(("argsrepr", "kwargsrepr"), _kind(str, "a text")),
    "headers": _kind(dict, "an object"),
    "ignore_result": _kind(bool, "true or false"),
    **dict.fromkeys(("link", "link_error", "chain"), _signatures),
}
"""What an option takes; the first three can't be null, which Celery would take for a fault of ours."""


def _checked(option: str, value: Any) -> Any:
    if option in OBJECTS:
        raise OptionError(option, f"Invalid option: {option} can't be given here, leave it out")
    return _CHECKS[option](option, value) if option in _CHECKS else value


def _invalid(field: str, takes: str) -> OptionError:
    return OptionError(field, f"Invalid option: {field} takes {takes}")
