"""Whether a worker survives being told to consume from a queue of RabbitMQ.

It declares the queue, and an exchange of the same name. Where one is there with other attributes, such as a quorum
queue, or the name is reserved, RabbitMQ refuses, and the worker ends (seen with Celery 5.7: `Unrecoverable error:
PreconditionFailed`). So what it would declare is compared first; nothing is made by that, and nothing changed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from flower_monitor.exceptions import BrokerError
from flower_monitor.web.context import Context
from flower_monitor.web.problems import Problem

RESERVED = "amq."
"""What names begin with that are RabbitMQ's own."""

MAX_AGE = 60.0
"""Seconds for which what a worker said of its settings will do."""

_OWN_WAYS = ("task_queues", "task_queue_max_priority", "task_create_missing_queue_type")
"""Settings with which a worker declares queues in a way of its own, that it does not tell of."""

_CLASHES = (405, 406)
"""AMQP's codes for a queue of another connection alone, and for other attributes."""


async def objection(context: Context, name: str, queue: str) -> str | None:
    """Why a worker would not survive it; None: it would, or nobody can tell.

    Raises:
        Problem: 503, the broker can't be reached.
    """
    if context.control.kind != "amqp":
        return None
    if queue.startswith(RESERVED):
        return f"names that begin with {RESERVED} are RabbitMQ's own, and the worker would end"
    await context.inspection.look(name, MAX_AGE)
    if not declares_plainly(context.inspection.known().get(name, {}), queue):
        return None
    try:
        found = await context.control.use(partial(clash, queue=queue))
    except BrokerError as error:
        detail = f"Broker or result backend unavailable: {error}"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "broker", detail) from error
    return None if found is None else f"the worker would declare it in another way than it is, and end: {found}"


def declares_plainly(said: Mapping[str, Any], queue: str) -> bool:
    """Whether a worker declares a queue as Celery does one that it has no settings for. Pure.

    Args:
        said: What it answered to inspect commands.
        queue: Name of the queue.
    """
    conf = said.get("conf")
    if conf is None or any(conf.get(key) for key in _OWN_WAYS):
        return False
    known = {conf.get("task_default_queue", "celery"), *(one["name"] for one in said.get("active_queues", ()))}
    return queue not in known


def clash(connection: Any, queue: str) -> str | None:
    """What RabbitMQ says against it. Runs in a thread.

    Args:
        connection: kombu's, of pyamqp.
        queue: Name of the queue, and of the exchange.
    """
    return _difference(
        connection,
        lambda channel: channel.queue_declare(queue, passive=True),
        lambda channel: channel.queue_declare(queue, durable=True, exclusive=False, auto_delete=False),
    ) or _difference(
        connection,
        lambda channel: channel.exchange_declare(queue, "direct", passive=True),
        lambda channel: channel.exchange_declare(queue, "direct", durable=True, auto_delete=False),
    )


def _difference(connection: Any, find: Callable[[Any], object], declare: Callable[[Any], object]) -> str | None:
    """Only what is there is declared, so that nothing is made. A refusal ends a channel, hence two."""
    for step in (find, declare):
        channel = connection.channel()
        try:
            step(channel)
        except connection.channel_errors as error:
            return str(error) if getattr(error, "reply_code", None) in _CLASHES else None
        channel.close()
    return None
