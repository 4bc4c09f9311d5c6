"""Queues of RabbitMQ over AMQP: declared passively, which makes none and tells how long one is.

It tells no more than messages that wait and consumers. A look at messages is not to be had without harm: whoever takes
one and gives it back marks it as redelivered, may change its place, and on a quorum queue uses up one of its
deliveries: past its delivery limit the message is dropped.
"""

import time
from collections.abc import Sequence
from typing import Any

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.failures import NotPossible, QueueLonger, QueueMissing, refusals
from flower_monitor.queues.records import Depth, Depths

MOST_SECONDS = 8.0
"""Seconds for all queues: a round trip each."""

NOT_FOUND = 404

_MORE = "RabbitMQ tells it over its management API only: see --broker-api"
UNKNOWN = {"unacknowledged": _MORE}


def look(connection: Any, names: Sequence[str]) -> Depths:
    """How long queues are.

    Raises:
        BrokerError: They are too many for the time, or the broker refused more than one of them.
    """
    rows = []
    until = time.monotonic() + MOST_SECONDS
    channel = connection.channel()
    for name in names:
        if time.monotonic() > until:
            raise BrokerError(f"{len(names)} queues could not be declared within {MOST_SECONDS:.0f} s")
        try:
            _, ready, consumers = channel.queue_declare(name, passive=True)
        except connection.channel_errors as error:
            channel = connection.channel()  # the broker closed the one before
            if error.reply_code != NOT_FOUND:
                rows.append(_refused(name, str(error)))
            continue
        rows.append(Depth(name=name, ready=ready, consumers=consumers, unknown=UNKNOWN))
    return Depths("declare", tuple(rows))


def purge(connection: Any, name: str, expect: int) -> int:
    """Delete the messages that wait in a queue; how many it were.

    Counting and deleting are two commands: what comes between them goes too, and is counted. Of none nothing is
    deleted: RabbitMQ also says 0 of a quorum queue that did not answer it within 250 ms, however many wait there.

    Raises:
        QueueMissing: There is none of this name.
        QueueLonger: More wait than expected; nothing was deleted.
    """
    with refusals(connection):
        channel = connection.channel()
        try:
            _, ready, _ = channel.queue_declare(name, passive=True)
        except connection.channel_errors as error:
            if error.reply_code == NOT_FOUND:
                raise QueueMissing(f"RabbitMQ has no queue {name!r}") from error
            raise
        if ready > expect:
            raise QueueLonger(ready, expect)
        return int(channel.queue_purge(name)) if ready else 0


def peek(name: str) -> NotPossible:
    """Why messages of a queue are not shown."""
    return NotPossible(
        f"RabbitMQ shows messages of {name!r} only to one who takes them and gives them back: that marks them as "
        "redelivered, may change their order, and quorum queues drop those past their delivery limit. Tasks that "
        "wait, as events tell, are at /api/v1/tasks?state=PENDING"
    )


def _refused(name: str, why: str) -> Depth:
    return Depth(name=name, ready=None, unknown=dict.fromkeys(("ready", "unacknowledged", "consumers"), why))
