"""What ingest sees of a broker."""

from typing import NamedTuple, Protocol

from flower_monitor.config import Config
from flower_monitor.fold.events import Decoded
from flower_monitor.receive import url
from flower_monitor.receive.link import Link

#: Messages decoded and folded at a time: more leave the processor's caches (engine.md 1).
CHUNK = 64


class Losses(NamedTuple):
    """What was received and thrown away, since the start of the process."""

    messages: int
    bytes: int


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


def connect(config: Config) -> Feed:
    """The feed for a broker URL. Each broker's library is imported only where it is needed."""
    broker = url.parse(config.broker_url)
    if broker.kind == "amqp":
        from flower_monitor.receive.rabbitmq import RabbitFeed

        return RabbitFeed(broker, config)
    from flower_monitor.receive.redis import RedisFeed

    return RedisFeed(broker, config)
