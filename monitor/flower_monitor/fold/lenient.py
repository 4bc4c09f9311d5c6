"""What the fast decoder refuses, looked at piece by piece: other clients of Celery send odd but honest events.

A text may be a list or a number there (it becomes JSON), a number a text, NaN is written by Python's json.
"""

import base64
import binascii
import functools
import json
import math
from typing import Any

import msgspec

from flower_monitor.fold import content
from flower_monitor.fold.events import Broken, Event, broken

#: Fields that are no text, and so are mended as numbers.
_NUMBERS = frozenset({"clock", "pid", "retries", "runtime", "freq", "active", "processed", "loadavg"})

#: Fields that make an event: never made of something else.
_IDENTITY = frozenset({"type", "hostname", "uuid", "timestamp"})


def envelope(message: bytes) -> bytes | Broken:
    """The body of a message of kombu whose body is not plain base64."""
    try:
        opened = json.loads(message)
    except (ValueError, RecursionError):
        return broken("envelope", "not JSON", message)
    body = opened.get("body") if isinstance(opened, dict) else None
    kind = opened.get("content-type") if isinstance(opened, dict) else None
    if isinstance(kind, str) and content.is_foreign(kind) and isinstance(body, str):
        return content.Foreign.of(_text(body), kind)
    if isinstance(body, str):
        properties = opened.get("properties")
        encoding = properties.get("body_encoding") if isinstance(properties, dict) else None
        if encoding != "base64":
            return body.encode("utf-8", "replace")
        try:
            return base64.b64decode(body)
        except (binascii.Error, ValueError):
            return broken("envelope", "`body` is not base64", message)
    return broken("envelope", "no `body` of text", message)


def _text(body: str) -> bytes:
    """A body that may be base64 or plain text: of a foreign serializer kombu makes either."""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return body.encode("utf-8", "replace")


def body(data: bytes, events: list[Event], found: list[Broken]) -> None:
    """Each event of a body by itself."""
    if isinstance(data, content.Foreign):
        opened = content.opened(data)
        if isinstance(opened, Broken):
            found.append(opened)
            return
    else:
        try:
            opened = json.loads(data)
        except (ValueError, RecursionError):
            found.append(broken("body", "not JSON", data))
            return
    for item in opened if isinstance(opened, list) else [opened]:
        made = event(item)
        if isinstance(made, Event):
            events.append(made)
        else:
            found.append(made)


def event(item: Any) -> Event | Broken:
    """One event, mended where that loses nothing."""
    if not isinstance(item, dict):
        return broken("body", "neither an event nor a list of events", item)
    mended = {key: _mend(key, value) for key, value in item.items() if key in Event.__struct_fields__}
    try:
        return msgspec.convert({k: v for k, v in mended.items() if v is not None}, Event)
    except (msgspec.ValidationError, OverflowError) as error:
        return broken("field", str(error), item)


def _mend(key: str, value: Any) -> Any:
    """A value of the type that its field has; None where there is none."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode()
    if key in _NUMBERS:
        return _number(key, value)
    if key == "timestamp" and isinstance(value, str):
        return _float(value)
    if key in _IDENTITY or value is None or isinstance(value, str):
        return value
    # Letters as they are: a redaction rule is held against this text.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def _number(key: str, value: Any) -> Any:
    """A number that its field can hold; else None: a task without it is better than no task."""
    try:
        made = msgspec.convert(value, _types()[key], strict=False)
    except (msgspec.ValidationError, OverflowError):
        return None
    numbers = made if isinstance(made, list) else [made]
    return made if all(number is None or math.isfinite(number) for number in numbers) else None


def _float(value: str) -> float | None:
    try:
        made = float(value)
    except ValueError:
        return None
    return made if math.isfinite(made) else None


@functools.cache
def _types() -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(Event)}
