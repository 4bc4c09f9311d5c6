"""Custom events of tasks, as `self.send_event("task-progress", current=3, total=10)` sends them: the fields that
Celery's own events do not have. And those of task-revoked, the only word of why: expired, or terminated.

The decoder reads fields that it knows, since one that keeps all of them would make every event dearer. So the messages
of these events, which are told by their types, are opened once more.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from flower_monitor.fold import content, lenient
from flower_monitor.fold.events import Event
from flower_monitor.fold.task import KINDS

#: Fields that Celery puts into every event, whether or not they are kept.
_CELERYS = frozenset({*Event.__struct_fields__, "utcoffset"})

#: Its fields are `expired`, `terminated` and `signum` (`celery.worker.request.Request._announce_revoked`).
REVOKED = "task-revoked"

#: What makes an event one event: uuid, type and time.
Key = tuple[str | None, str, float]


class CustomEvent(Event, gc=False):
    """An event with fields of its sender's own."""

    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    """Values of JSON, as they came."""


def may_add(kind: str) -> bool:
    """Whether task events of a type may have fields that are kept: none of Celery's own, or a revocation."""
    return kind not in KINDS or kind == REVOKED


def with_fields(events: Iterable[Event], bodies: Iterable[bytes]) -> list[Event]:
    """The same events; those that are custom, or of a revocation, with the fields that their senders added.

    Args:
        events: Of tasks.
        bodies: Those of the messages that they came in.
    """
    given = list(events)
    found = dict(_told(bodies, set(filter(may_add, {event.type for event in given}))))
    return [_with(event, found.get(_key(event))) for event in given]


def _told(bodies: Iterable[bytes], types: Collection[str]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """The added fields of each event of some types."""
    marks = {mark for kind in types for mark in (kind.encode(), json.dumps(kind)[1:-1].encode())}
    for body in bodies:
        for item in _items(body) if any(mark in body for mark in marks) else ():
            if isinstance(item, dict) and item.get("type") in types:
                fields = _added(item)
                event = lenient.event(item) if fields else None
                if isinstance(event, Event):
                    yield _key(event), fields


def _added(item: dict[str, Any]) -> dict[str, Any]:
    """The fields that an event adds; of a revocation those that say something, since most are neither."""
    said = item["type"] != REVOKED
    return {name: value for name, value in item.items() if name not in _CELERYS and (said or value)}


def _items(body: bytes) -> list[Any]:
    """What a body holds: an event or a list of them. What can't be read was complained of already."""
    if isinstance(body, content.Foreign):
        opened = content.opened(body)
    else:
        try:
            opened = json.loads(body)
        except (ValueError, RecursionError):
            return []
    return opened if isinstance(opened, list) else [opened]


def _key(event: Event) -> Key:
    return event.uuid, event.type, event.timestamp


def _with(event: Event, fields: dict[str, Any] | None) -> Event:
    if fields is None:
        return event
    return CustomEvent(**msgspec.structs.asdict(event), fields=fields)
