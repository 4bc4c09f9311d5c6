"""Every other transport of kombu: its own consumer, in the receiving thread. kombu is imported only here."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.exceptions import KombuError
from kombu.messaging import Consumer

from flower_monitor.config import Config
from flower_monitor.exceptions import BrokerError
from flower_monitor.fold import decode
from flower_monitor.fold.content import Foreign, is_foreign
from flower_monitor.receive.feed import CHUNK, Losses, queue_name
from flower_monitor.receive.inbox import Inbox
from flower_monitor.receive.link import Link
from flower_monitor.receive.thread import Receiver
from flower_monitor.receive.url import Broker

#: Seconds to wait for a connection.
CONNECT_TIMEOUT = 5.0

#: Seconds that one look for messages takes when there are none; kombu itself may sleep a second in it.
POLL = 0.1

#: Transports for which Celery's exchange is a fanout and not a topic (celery.events.event.get_exchange).
_FANOUT = frozenset({"redis", "gcpubsub"})


class OtherFeed:
    """The events that Celery publishes over a transport that only kombu knows."""

    decode = staticmethod(decode.bodies)

    def __init__(self, brokers: Sequence[Broker], config: Config) -> None:
        self.link = Link(brokers[0])
        self._inbox = Inbox(config.buffer_bytes, CHUNK)
        self._receiver = Receiver(OtherSession(config, self.link, self._inbox), self.link, brokers)

    def start(self) -> None:
        """Begin to receive."""
        self._receiver.start()

    def stop(self) -> None:
        """Stop receiving."""
        self._receiver.stop()

    def close(self) -> None:
        """Nothing to say: what was delivered is ours."""

    def wait(self, seconds: float) -> None:
        """Until something came, or some seconds."""
        self._inbox.wait(seconds)

    def take(self) -> list[bytes]:
        """Up to CHUNK bodies."""
        return self._inbox.take()

    def committed(self) -> None:
        """As `close`."""

    def waiting(self) -> int:
        """Bytes that wait."""
        return self._inbox.held

    def losses(self) -> Losses:
        """None here: what does not fit waits in the broker."""
        return Losses(0, 0)


class OtherSession:
    """Has kombu put messages into the inbox."""

    def __init__(self, config: Config, link: Link, inbox: Inbox) -> None:
        self._config = config
        self._link = link
        self._inbox = inbox
        self._received = 0

    def interrupt(self) -> None:
        """Nothing: `run` looks up every POLL seconds."""

    def run(self, broker: Broker, stopping: threading.Event) -> None:
        """Connect, declare, consume, until it breaks."""
        connection: Any = Connection(
            self._config.broker_url,
            connect_timeout=CONNECT_TIMEOUT,
            transport_options=dict(self._config.transport_options),
            ssl=self._config.broker_use_ssl or False,
        )
        with translated(connection), connection:
            connection.connect()
            consumer = self._consumer(connection)
            # No restart of the inbox: what was delivered is not delivered again.
            with consumer:
                self._link.connected("consumer")
                self._receive(connection, stopping)

    def _consumer(self, connection: Any) -> Any:
        kind = "fanout" if connection.transport.driver_type in _FANOUT else "topic"
        exchange = Exchange(self._config.app.event_exchange, type=kind)
        expires = self._config.queue_expires
        queue = Queue(
            queue_name(self._config),
            exchange,
            routing_key="#",
            durable=False,
            auto_delete=True,
            expires=expires,
            message_ttl=expires,
        )
        return Consumer(connection.default_channel, [queue], no_ack=True, on_message=self._got)

    def _receive(self, connection: Any, stopping: threading.Event) -> None:
        while not stopping.is_set():
            if self._inbox.full():
                stopping.wait(POLL)
            else:
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=POLL)

    def _got(self, message: Any) -> None:
        body = message.body
        data = body.encode("utf-8", "replace") if isinstance(body, str) else bytes(body)
        if is_foreign(message.content_type):
            data = Foreign.of(data, message.content_type)
        self._received += 1
        self._inbox.put(self._received, [data])


@contextlib.contextmanager
def translated(connection: Any) -> Iterator[None]:
    """kombu's errors as ours."""
    errors = (*connection.connection_errors, *connection.channel_errors, KombuError, ImportError)
    try:
        yield
    except errors as error:
        raise BrokerError(f"kombu says: {error or type(error).__name__}", "closed") from error
