"""Messages as kombu stores them in Redis, decoded. Pure."""

from typing import Any

import msgspec

from flower_monitor.queues.records import Peeked


def decode(raw: bytes) -> Peeked:
    """What a message says of itself: Celery's headers (protocol 2), without its body.

    A message of protocol 1, or of somebody else, has few of them or none.
    """
    message = _mapping(_json(raw))
    headers, properties = _mapping(message.get("headers")), _mapping(message.get("properties"))
    delivery = _mapping(properties.get("delivery_info"))
    return Peeked(
        id=_text(headers.get("id")) or _text(properties.get("correlation_id")),
        task=_text(headers.get("task")),
        args=_text(headers.get("argsrepr")),
        kwargs=_text(headers.get("kwargsrepr")),
        eta=_text(headers.get("eta")),
        expires=_text(headers.get("expires")),
        retries=_number(headers.get("retries")),
        origin=_text(headers.get("origin")),
        root_id=_text(headers.get("root_id")),
        parent_id=_text(headers.get("parent_id")),
        group=_text(headers.get("group")),
        priority=_number(properties.get("priority")),
        exchange=_text(delivery.get("exchange")),
        routing_key=_text(delivery.get("routing_key")),
        redelivered=headers.get("redelivered") is True,
        content_type=_text(message.get("content-type")),
        bytes=len(raw),
        tag=_text(properties.get("delivery_tag")),
    )


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
