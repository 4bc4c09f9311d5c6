"""The JSON of `/api/v1/queues`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from flower_monitor.queues.records import Source
from flower_monitor.queues.rows import QueueRow
from flower_monitor.web.problems import ProblemBody


class QueueList(msgspec.Struct, frozen=True):
    """Queues of the broker."""

    items: Annotated[list[QueueRow], Meta(description="The queues: those of `--queues`, then the others by name")]
    source: Annotated[
        Source,
        Meta(
            description="What was asked: `redis`, RabbitMQ's `management` API, RabbitMQ over AMQP (`declare`) or kombu "
            "(`size`)"
        ),
    ]
    at: Annotated[float, Meta(description="When, epoch seconds")]
    age: Annotated[float, Meta(description="Seconds since")]
    truncated: Annotated[bool, Meta(description="There are more than these 500; ask for the others by name")]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits. What it does not say is null."""

    id: Annotated[str | None, Meta(description="Id of the task")]
    task: Annotated[str | None, Meta(description="Name of the task; null: it is no message of Celery's protocol 2")]
    args: Annotated[str | None, Meta(description="Its positional arguments as text, as its sender wrote it, redacted")]
    kwargs: Annotated[str | None, Meta(description="Its keyword arguments as text, as its sender wrote it, redacted")]
    eta: Annotated[str | None, Meta(description="When it is to start at the earliest, ISO 8601")]
    expires: Annotated[str | None, Meta(description="When it is not to be started any more, ISO 8601")]
    retries: Annotated[int | None, Meta(description="How often it was retried")]
    origin: Annotated[str | None, Meta(description="Who sent it: process and host")]
    root_id: Annotated[str | None, Meta(description="Id of the first task of its workflow")]
    parent_id: Annotated[str | None, Meta(description="Id of the task that sent it")]
    group: Annotated[str | None, Meta(description="Id of its group")]
    priority: Annotated[int | None, Meta(description="Its priority; on Redis 0 is the highest")]
    exchange: Annotated[str | None, Meta(description="Exchange it was sent to; empty: the default one")]
    routing_key: Annotated[str | None, Meta(description="Routing key it was sent with")]
    redelivered: Annotated[bool, Meta(description="A consumer had it and gave it back")]
    content_type: Annotated[str | None, Meta(description="How its body is encoded")]
    bytes: Annotated[int, Meta(description="Size of the message")]
    sent: Annotated[
        float | None,
        Meta(description="When it was sent, epoch seconds, by its sender's clock; null: no task-sent event told"),
    ]


class MessageList(msgspec.Struct, frozen=True):
    """Messages that wait in a queue."""

    items: Annotated[list[Message], Meta(description="The messages, the next to be delivered first")]


class Purged(msgspec.Struct, frozen=True):
    """What was deleted."""

    name: Annotated[str, Meta(description="Name of the queue")]
    purged: Annotated[int, Meta(description="Messages that were deleted")]


class TooMany(ProblemBody, kw_only=True, omit_defaults=True):
    """An RFC 9457 problem document: more messages wait than expected."""

    ready: Annotated[int, Meta(description="Messages that wait")]
