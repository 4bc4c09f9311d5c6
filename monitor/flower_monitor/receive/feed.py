"""What ingest sees of a broker."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from flower_monitor.config import Config
from flower_monitor.constants import PROGRAM
from flower_monitor.fold.events import Decoded
from flower_monitor.receive import url
from flower_monitor.receive.link import Link

#: Messages decoded and folded at a time: more leave the processor's caches (engine.md 1).
CHUNK = 64

#: Messages that our queue on RabbitMQ holds while we are away: the bytes come first, unless they are tiny.
MOST_MESSAGES = 1_000_000


class Losses(NamedTuple):
    """What was received and thrown away, since the start of the process."""

    messages: int
    bytes: int
    reasons: Mapping[str, int] = MappingProxyType({})
    """Messages by reason: `buffer` (came faster than they were taken), `oversize` (one larger than the whole buffer),
    `garbled` (bytes that made no sense)."""


class Feed(Protocol):
    """Messages of one broker, received by a thread of its own and taken by ingest's."""

    link: Link

    def decode(self, messages: list[bytes], /) -> Decoded:
        """Messages, as this broker has them, to events."""

    def start(self) -> None:
        """Begin to receive; it returns at once, whether the broker is there or not."""

    def stop(self) -> None:
        """Stop receiving; what was received can still be taken."""

    def close(self) -> None:
        """Say what was committed, and hang up."""

    def wait(self, seconds: float) -> None:
        """Return when there is something to take, or after some seconds."""

    def take(self) -> list[bytes]:
        """Up to CHUNK messages that were received; none when there are no more for now."""

    def committed(self) -> None:
        """All that was taken is in the store."""

    def waiting(self) -> int:
        """Bytes received and not yet taken."""

    def losses(self) -> Losses:
        """What did not fit."""


def queue_name(config: Config) -> str:
    """The name of our queue: two monitors may share a broker, even with one name in two namespaces."""
    return ".".join(filter(None, (PROGRAM, config.namespace, config.name)))


def connect(config: Config) -> Feed:
    """The feed for a broker URL. Each broker's library is imported only where it is needed."""
    brokers = url.parse_all(config.broker_url, config.broker_use_ssl)
    if brokers[0].kind == "amqp":
        from flower_monitor.receive.rabbitmq import RabbitFeed

        return RabbitFeed(brokers, config)
    if brokers[0].kind == "redis":
        from flower_monitor.receive.redis import RedisFeed

        return RedisFeed(brokers, config)
    from flower_monitor.receive.other import OtherFeed

    return OtherFeed(brokers, config)
