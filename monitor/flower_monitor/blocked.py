"""RabbitMQ under an alarm: it takes no message until there is memory or disk again, and reads nothing more from who
sent one, not even that the connection is to be closed. Who waits for an answer waits for nothing.

It says so to who listens, at the first message (`connection.blocked`, https://www.rabbitmq.com/docs/connection-blocked).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flower_monitor.exceptions import causes

TEXT = (
    "RabbitMQ has an alarm, of memory or disk, and takes no messages until it is over (rabbitmq-diagnostics alarms); "
    "what was sent may still arrive then"
)


class Blocked(OSError):
    """It has an alarm."""


def _refuse(_reason: str) -> None:
    raise Blocked(TEXT)


#: What makes a connection of py-amqp raise `Blocked` while it waits.
OPTIONS: Mapping[str, Any] = {"on_blocked": _refuse}


@contextmanager
def hung_up(connection: Any) -> Iterator[None]:
    """Leave a connection of kombu's without a word when it is blocked: a close would wait for an answer."""
    try:
        yield
    except Exception as error:
        # Celery makes an error of kombu's of it.
        if any(isinstance(cause, Blocked) for cause in causes(error)):
            connection.collect()
        raise
