"""Messages that are not Celery's, or not of today's Celery."""

import msgspec
import pytest

from flower_monitor.queues.messages import decode


@pytest.mark.parametrize("raw", [b"", b"no json", b"[]", b"\xff", b'{"headers": 3, "properties": []}', b"[" * 100_000])
def test_what_is_no_message_says_nothing(raw: bytes) -> None:
    message = decode(raw)

    assert (message.id, message.task, message.bytes) == (None, None, len(raw))


def test_fields_of_another_type_are_not_known() -> None:
    raw = msgspec.json.encode({"headers": {"id": 3, "task": ["a"], "retries": True, "eta": 5}, "properties": {}})

    message = decode(raw)

    assert (message.id, message.task, message.retries, message.eta) == (None, None, None, None)


def test_the_id_of_an_old_message_is_its_correlation_id() -> None:
    raw = msgspec.json.encode({"body": "e30=", "headers": {}, "properties": {"correlation_id": "task-1"}})

    assert decode(raw).id == "task-1"
