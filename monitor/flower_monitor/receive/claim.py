"""Which queue on RabbitMQ a monitor reads: its own, or the next best where that can't be had."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import amqp.exceptions

from flower_monitor.constants import EVENT_EXCHANGE
from flower_monitor.exceptions import BrokerError
from flower_monitor.store.records import Notice

Answer = TypeVar("Answer")

#: Seconds that the queue of a connection of ours keeps a message, when it could not be a durable one: as Celery's.
EXCLUSIVE_SECONDS = 60


class Claim(NamedTuple):
    """The queue to consume from."""

    queue: str
    mode: str
    """`queue`, `existing-queue` or `exclusive-queue`, as `BrokerStatus.mode`."""

    waiting: int
    """Messages in it."""

    kept: bool
    """It was there before: what was published while we were away is in it, as far as it fitted."""

    notices: tuple[Notice, ...]


def claim(connection: Any, queue: str, arguments: Mapping[str, Any], exchange: str = EVENT_EXCHANGE) -> Claim:
    """Declare our queue, and bind it to the exchange of the events.

    - It is there with other arguments, or we may not declare it: it is taken as it is.
    - It is not there and we may not declare it, or its node is down: a queue of this connection, which ends with it.
    """
    _exchange(connection, exchange)
    waiting = _waiting(connection, queue)
    there = waiting is not None
    try:
        _try(
            connection,
            lambda channel: channel.queue_declare(queue, durable=True, arguments=dict(arguments), auto_delete=False),
        )
    except amqp.exceptions.PreconditionFailed as error:
        return _existing(connection, queue, exchange, waiting or 0, _other_arguments(queue, error.reply_text or ""))
    except amqp.exceptions.AccessRefused as error:
        if there:
            return _existing(connection, queue, exchange, waiting or 0, _not_ours(queue, error.reply_text or ""))
        return _exclusive(connection, queue, exchange, arguments, error.reply_text or "")
    except (amqp.exceptions.NotFound, amqp.exceptions.ResourceError, amqp.exceptions.InternalError) as error:
        # A classic queue whose node is down can neither be used nor declared anew.
        return _exclusive(connection, queue, exchange, arguments, error.reply_text or "")
    _bind(connection, queue, exchange)
    return Claim(queue, "queue", waiting or 0, there, ())


def _exchange(connection: Any, name: str) -> None:
    """Celery's exchange, declared as Celery does; where we may not, or it is another kind, it must be there."""
    try:
        _try(
            connection,
            lambda channel: channel.exchange_declare(name, "topic", durable=True, auto_delete=False),
        )
    except (amqp.exceptions.AccessRefused, amqp.exceptions.PreconditionFailed):
        try:
            _try(connection, lambda channel: channel.exchange_declare(name, "topic", passive=True))
        except amqp.exceptions.NotFound as error:
            raise BrokerError(
                f"there is no exchange {name} yet, and the broker's user may not make it; start a worker "
                f"with events, or grant the right to configure {name}",
                "refused",
            ) from error


def _waiting(connection: Any, queue: str) -> int | None:
    """Messages in a queue; None when it is not there or its node is down."""
    try:
        answer = _try(connection, lambda channel: channel.queue_declare(queue, passive=True))
    except amqp.exceptions.NotFound:
        return None
    return int(answer.message_count)


def _existing(connection: Any, queue: str, exchange: str, waiting: int, notice: Notice) -> Claim:
    """Take a queue as it is."""
    notices = [notice]
    try:
        _bind(connection, queue, exchange)
    except amqp.exceptions.AccessRefused as error:
        notices.append(_unbound(queue, exchange, error.reply_text or ""))
    return Claim(queue, "existing-queue", waiting, True, tuple(notices))


def _exclusive(connection: Any, queue: str, exchange: str, arguments: Mapping[str, Any], why: str) -> Claim:
    """A queue that is this connection's and ends with it, named as Celery names those of its own event receivers."""
    bounds = {key: value for key, value in arguments.items() if key not in ("x-expires", "x-message-ttl")}
    bounds["x-message-ttl"] = EXCLUSIVE_SECONDS * 1000
    name = f"{exchange}.{queue}"
    _try(connection, lambda channel: channel.queue_declare(name, exclusive=True, auto_delete=True, arguments=bounds))
    _bind(connection, name, exchange)
    return Claim(name, "exclusive-queue", 0, False, (_temporary(queue, why),))


def _bind(connection: Any, queue: str, exchange: str) -> None:
    _try(connection, lambda channel: channel.queue_bind(queue, exchange, "#"))


def _try(connection: Any, action: Callable[[Any], Answer]) -> Answer:
    """Do something on a channel of its own: what the broker refuses closes the channel."""
    channel = connection.channel()
    answer = action(channel)
    channel.close()
    return answer


def _other_arguments(queue: str, text: str) -> Notice:
    return Notice(
        "queue-arguments",
        "warning",
        f"The queue {queue} is there with other arguments than we would give it. It is used as it is: "
        f"how much it keeps, and for how long, is not known. ({text})",
        f"Stop the monitor, delete the queue (rabbitmqctl delete_queue {queue}) and start it again.",
    )


def _not_ours(queue: str, text: str) -> Notice:
    return Notice(
        "queue-not-declared",
        "info",
        f"The broker's user may not declare the queue {queue}. It is there, and used as it is. ({text})",
        f"Nothing, if somebody made it on purpose; else grant the right to configure {queue}.",
    )


def _unbound(queue: str, exchange: str, text: str) -> Notice:
    return Notice(
        "queue-not-bound",
        "warning",
        f"The queue {queue} could not be bound to {exchange}: events come only if somebody else did. ({text})",
        f"Grant the rights to write {queue} and to read {exchange}, or bind it with the routing key #.",
    )


def _temporary(queue: str, text: str) -> Notice:
    return Notice(
        "queue-temporary",
        "warning",
        f"The queue {queue} could not be declared, so events come by one that ends with the connection: those sent "
        f"while the monitor is away are lost. ({text})",
        f"Grant the right to configure {queue}; or, if its node is down, start it.",
    )
