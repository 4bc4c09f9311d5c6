"""A queue as the API tells it: what the broker says, joined with what events and workers say. Pure."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from flower_monitor.queues.rates import Rates, drain_time, rates
from flower_monitor.queues.records import Depth


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One queue of the broker."""

    name: Annotated[str, Meta(description="Its name")]
    ready: Annotated[int | None, Meta(description="Messages that wait; null: the broker refused to tell")]
    unacknowledged: Annotated[
        int | None,
        Meta(
            description="Messages that consumers have and have not acknowledged. Redis: of the broker's hash, when it "
            "holds 2,000 at most; RabbitMQ: over its management API"
        ),
    ]
    consumers: Annotated[
        int | None,
        Meta(description="RabbitMQ: its consumers; else workers that are online and last said that they consume it"),
    ]
    oldest_age: Annotated[
        float | None,
        Meta(
            description="Seconds since the message that has waited longest was sent, by its sender's clock. Redis: of "
            "the messages that are next, by their task-sent events; RabbitMQ: by the timestamp of the message that is "
            "next, which Celery does not set, over its management API; 0: none waits"
        ),
    ]
    rate_in: Annotated[
        float | None,
        Meta(
            description="Messages a second that come in. RabbitMQ: by its management API; else `rate_out` and what the "
            "queue grew by between two looks"
        ),
    ]
    rate_out: Annotated[
        float | None,
        Meta(
            description="Messages a second that go out. RabbitMQ: by its management API; else attempts that ended in "
            "the last five minutes, by events of tasks whose task-sent event told their queue"
        ),
    ]
    growth: Annotated[
        float | None,
        Meta(
            description="Messages a second by which `ready` grew (negative: shrank) between two looks of this monitor, "
            "5 to 60 seconds apart"
        ),
    ]
    drain_time: Annotated[
        float | None,
        Meta(description="Seconds until it is empty if it goes on shrinking like this; null: it does not shrink"),
    ]
    by_priority: Annotated[
        dict[str, int] | None,
        Meta(description="Redis: `ready` by step of priority, the first is delivered first; else null"),
    ]
    unknown: Annotated[dict[str, str], Meta(description="For each field that is null: why")]


class Facts(NamedTuple):
    """What is known beside the broker."""

    now: float
    ended: Mapping[str, float] | None
    """Queue -> attempts a second that ended; None: watched for too short."""

    told: frozenset[str]
    """Queues that task-sent events name."""

    consumers: Mapping[str, int] | None
    """Queue -> workers; None: a worker that is online has not said."""

    sent: Mapping[str, float]
    """Task -> when it was sent."""

    growth: Mapping[str, float]
    """Queue -> messages a second."""


_WHY = {
    "rate_in": "It takes `rate_out` and a look at least five seconds ago",
    "rate_out": "No task-sent event told of this queue (task_send_sent_event), or the monitor has just started",
    "growth": "There was no look between 5 and 60 seconds ago",
    "drain_time": "It does not shrink, or that is not known yet",
    "consumers": "Not all workers that are online have said which queues they consume",
    "oldest_age": "No task-sent event told when the messages that are next were sent",
    "unacknowledged": "The broker does not tell",
    "by_priority": "Only Redis keeps a list for each priority",
    "ready": "The broker does not tell",
}


def queue_row(depth: Depth, facts: Facts) -> QueueRow:
    """All that is known of a queue."""
    growth = facts.growth.get(depth.name)
    found = rates(Rates(depth.rate_in, depth.rate_out), _ended(depth.name, facts), growth)
    values = {
        "ready": depth.ready,
        "unacknowledged": depth.unacknowledged,
        "consumers": _consumers(depth, facts),
        "oldest_age": _oldest_age(depth, facts),
        "rate_in": found.rate_in,
        "rate_out": found.rate_out,
        "growth": growth,
        "drain_time": None if depth.ready is None else drain_time(depth.ready, found, growth),
        "by_priority": depth.by_priority,
    }
    unknown = {field: depth.unknown.get(field, _WHY[field]) for field, value in values.items() if value is None}
    return msgspec.convert({"name": depth.name, **values, "unknown": unknown}, QueueRow)


def _ended(name: str, facts: Facts) -> float | None:
    if facts.ended is None:
        return None
    return facts.ended.get(name, 0.0 if name in facts.told else None)


def _consumers(depth: Depth, facts: Facts) -> int | None:
    if depth.consumers is not None or "consumers" in depth.unknown or facts.consumers is None:
        return depth.consumers
    return facts.consumers.get(depth.name, 0)


def _oldest_age(depth: Depth, facts: Facts) -> float | None:
    if depth.ready == 0:
        return 0.0
    times = [facts.sent[task] for task in depth.heads if task in facts.sent]
    if depth.head_at is not None:
        times.append(depth.head_at)
    # The oldest of one priority that is not known may be older than all others.
    if not times or len(times) < len(depth.heads):
        return None
    return max(0.0, facts.now - min(times))
