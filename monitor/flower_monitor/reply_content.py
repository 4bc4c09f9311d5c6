"""What a worker's reply says, however its app serializes: workers reply in the `task_serializer` of theirs."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from flower_monitor.exceptions import BrokerError, MonitorError

logger = logging.getLogger(__name__)

PICKLE = ("application/x-python-serialize", "pickle")
MSGPACK = ("application/x-msgpack", "application/vnd.msgpack")


class Unreadable(MonitorError):
    """A reply that can't be read; the text says why."""


def content(body: bytes | str, content_type: str) -> Mapping[str, Any]:
    """The reply: host name -> what it says.

    JSON is read by kombu, which has types of its own in it; of pickles only plain values, and nothing is run.

    Raises:
        Unreadable: It is written in something else, or broken.
    """
    try:
        found = _value(body, content_type)
    except (ValueError, TypeError, LookupError) as error:
        raise Unreadable(f"{content_type} can't be read: {error}") from error
    if not isinstance(found, dict):
        raise Unreadable(f"{content_type} holds no reply")
    return found


def tell_unreadable(unreadable: Sequence[Unreadable], heard: bool) -> None:
    """Say that workers answered in a way that is not understood.

    Raises:
        BrokerError: Nobody else was heard.
    """
    if not unreadable:
        return
    text = (
        f"workers took the command, but their answers ({unreadable[0]}) are not understood: they answer in the "
        "task_serializer of their app; json, msgpack and pickle of plain values are read"
    )
    if not heard:
        raise BrokerError(text)
    logger.warning("of some %s", text)


def _value(body: bytes | str, content_type: str) -> Any:
    if content_type in PICKLE:
        from flower_monitor import unpickled  # a megabyte that hardly any monitor needs

        return unpickled.loads(_bytes(body))
    if content_type in MSGPACK:
        return msgspec.msgpack.decode(_bytes(body))
    if content_type != "application/json":
        raise Unreadable(f"{content_type} is not read here")
    from flower_monitor.from_kombu import json

    loads: Any = json.loads  # it takes bytes too, and does not say so
    return loads(body)


def _bytes(body: bytes | str) -> bytes:
    return body.encode("latin-1") if isinstance(body, str) else body
