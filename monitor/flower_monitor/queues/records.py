"""What brokers say of queues."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Source = Literal["redis", "management", "declare", "size"]
"""How it was asked: Redis's lists, RabbitMQ's management API, a passive declaration, or kombu's own way."""

Bindings = Mapping[tuple[str, str], str]
"""Exchange and routing key -> queue, as workers say that they consume."""


class Depth(msgspec.Struct, frozen=True, kw_only=True):
    """One queue. None: the broker does not tell, and `unknown` says why."""

    name: str
    ready: int | None
    """Messages that wait."""

    unacknowledged: int | None = None
    """Messages that consumers have and have not acknowledged."""

    consumers: int | None = None
    by_priority: dict[str, int] | None = None
    """Redis: `ready` by step of priority, the first delivered first."""

    heads: tuple[str, ...] = ()
    """Redis: ids of the tasks that are next, of each step."""

    head_at: float | None = None
    """Epoch seconds at which the next message was sent, where it says so itself."""

    rate_in: float | None = None
    """Messages a second, as the broker measured."""

    rate_out: float | None = None
    unknown: dict[str, str] = {}
    """Field -> why it is None."""


class Depths(msgspec.Struct, frozen=True):
    """What a look found."""

    source: Source
    rows: tuple[Depth, ...]
    """In the order asked; without those that are not there."""


class Peeked(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits. What it does not say is None."""

    id: str | None
    task: str | None
    args: str | None
    kwargs: str | None
    eta: str | None
    expires: str | None
    retries: int | None
    origin: str | None
    root_id: str | None
    parent_id: str | None
    group: str | None
    priority: int | None
    exchange: str | None
    routing_key: str | None
    redelivered: bool
    content_type: str | None
    bytes: int
    tag: str | None = None
    """Its delivery tag, which is one of a kind."""
