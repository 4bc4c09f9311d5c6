"""Custom events keep the fields that their senders added."""

import base64
import json
from typing import Any

import msgspec
import pytest

from flower_monitor.fold import custom, decode
from flower_monitor.fold.content import Foreign
from flower_monitor.fold.custom import CustomEvent
from flower_monitor.fold.events import Decoded, Event
from tests.monitor.fold.made import UUID, WORKER


def sent(kind: str = "task-progress", **fields: Any) -> dict[str, Any]:
    """An event as Celery's dispatcher sends it."""
    named = {"type": kind, "hostname": WORKER, "timestamp": 17.25, "uuid": UUID, "utcoffset": -1, "pid": 7, "clock": 3}
    return named | fields


def envelope(body: bytes, kind: str = "application/json") -> bytes:
    """As kombu puts a body on Redis."""
    encoded = base64.b64encode(body).decode()
    properties = {"body_encoding": "base64"}
    return json.dumps({"body": encoded, "content-type": kind, "properties": properties}).encode()


def fields_of(decoded: Decoded) -> list[Any]:
    """What was added to each event; None: nothing."""
    events = custom.with_fields(decoded.events, decoded.bodies())
    return [event.fields if isinstance(event, CustomEvent) else None for event in events]


def test_fields_that_celery_has_not_are_kept() -> None:
    body = json.dumps([sent("task-started"), sent(current=3, total=10)]).encode()

    assert fields_of(decode.bodies([body])) == [None, {"current": 3, "total": 10}]


def test_the_event_is_otherwise_as_it_was_decoded() -> None:
    decoded = decode.bodies([json.dumps(sent(current=3)).encode()])
    (found,) = custom.with_fields(decoded.events, decoded.bodies())

    assert {name: getattr(found, name) for name in Event.__struct_fields__} == msgspec.structs.asdict(decoded.events[0])


@pytest.mark.parametrize(
    "message",
    [
        envelope(json.dumps(sent(current=3)).encode()),
        envelope(msgspec.msgpack.encode(sent(current=3)), "application/x-msgpack"),
        json.dumps({"body": json.dumps(sent(current=3)), "properties": {}}).encode(),
        envelope(json.dumps([sent(current=3, args=[1])]).encode()),
    ],
    ids=["json", "msgpack", "not in base64", "with arguments that are no text"],
)
def test_fields_are_kept_in_whatever_they_come_on_redis(message: bytes) -> None:
    assert fields_of(decode.envelopes([message])) == [{"current": 3}]


def test_fields_are_kept_of_a_body_in_messagepack() -> None:
    body = Foreign.of(msgspec.msgpack.encode([sent(current=3)]), "application/x-msgpack")

    assert fields_of(decode.bodies([body])) == [{"current": 3}]


def test_a_type_with_other_letters_is_found() -> None:
    bodies = [
        json.dumps(sent("task-läuft", current=1), ensure_ascii=ascii_only).encode() for ascii_only in (True, False)
    ]

    assert fields_of(decode.bodies(bodies)) == [{"current": 1}] * 2


def test_events_of_one_task_keep_their_own_fields() -> None:
    bodies = [json.dumps(sent(timestamp=float(n), current=n)).encode() for n in range(3)]

    assert fields_of(decode.bodies(bodies)) == [{"current": 0}, {"current": 1}, {"current": 2}]


def test_what_is_broken_beside_it_takes_nothing_away() -> None:
    body = json.dumps([sent(current=1), {"type": "task-progress"}, 7]).encode()

    assert fields_of(decode.bodies([b"{", body])) == [{"current": 1}]


def test_an_event_without_fields_of_its_own_has_none() -> None:
    assert fields_of(decode.bodies([json.dumps(sent()).encode()])) == [None]


def test_why_a_task_was_revoked_is_kept() -> None:
    said: list[dict[str, Any]] = [
        {"expired": True, "terminated": False, "signum": None},
        {"terminated": True, "signum": 9, "expired": False},
    ]
    body = json.dumps([sent("task-revoked", timestamp=float(at), **one) for at, one in enumerate(said)]).encode()

    assert fields_of(decode.bodies([body])) == [{"expired": True}, {"terminated": True, "signum": 9}]


def test_a_revocation_without_a_reason_tells_nothing() -> None:
    body = json.dumps(sent("task-revoked", terminated=False, signum=None, expired=False)).encode()

    assert fields_of(decode.bodies([body])) == [None]
