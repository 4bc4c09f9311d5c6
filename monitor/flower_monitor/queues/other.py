"""Queues of kombu's other transports, in kombu's own way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.failures import NotPossible, QueueLonger
from flower_monitor.queues.records import Depth, Depths

_WHY = "kombu's {} transport does not tell"


def look(connection: Any, names: Sequence[str]) -> Depths:
    """How long queues are.

    Raises:
        BrokerError: The transport does not tell, or it failed.
    """
    with _failures(connection):
        channel = connection.channel()
        _check(connection, channel)
        why = _WHY.format(connection.transport.driver_type)
        unknown = {"unacknowledged": why}
        rows = [Depth(name=name, ready=channel._size(name), unknown=unknown) for name in names]
    return Depths("size", tuple(rows))


def purge(connection: Any, name: str, expect: int) -> int:
    """Delete the messages that wait in a queue; how many it were.

    Raises:
        QueueLonger: More wait than expected; nothing was deleted.
    """
    with _failures(connection):
        channel = connection.channel()
        _check(connection, channel)
        ready = channel._size(name)
        if ready > expect:
            raise QueueLonger(ready, expect)
        return int(channel.queue_purge(name) or 0)


def peek(scheme: str) -> NotPossible:
    """Why messages are not shown."""
    return NotPossible(f"A look at messages is not supported by {scheme}")


def _check(connection: Any, channel: Any) -> None:
    """Refuse a transport that does not count: kombu's default says 0 for it."""
    from kombu.transport.virtual.base import AbstractChannel

    if getattr(type(channel), "_size", AbstractChannel._size) is AbstractChannel._size:
        raise BrokerError(f"lengths of queues are not supported by {connection.transport.driver_type}")


@contextmanager
def _failures(connection: Any) -> Iterator[None]:
    """Whatever a transport raises as `BrokerError`: each has the errors of another client library."""
    try:
        yield
    except (BrokerError, QueueLonger):
        raise
    except Exception as error:
        # As the docstring says: the library is whichever the transport is made of.
        raise BrokerError(f"{connection.transport.driver_type}: {str(error) or type(error).__name__}") from error
