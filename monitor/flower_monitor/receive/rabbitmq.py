"""RabbitMQ: a durable queue of our own, bound to Celery's events, acknowledged after the commit.

While the monitor is away its events wait there: bounded in bytes (the oldest go first) and in time, and the queue
itself goes when nobody came for it.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import amqp.exceptions

from flower_monitor.config import Config
from flower_monitor.constants import EVENT_EXCHANGE, PROGRAM, VERSION
from flower_monitor.exceptions import BrokerError
from flower_monitor.fold import decode
from flower_monitor.receive import tls
from flower_monitor.receive.feed import CHUNK, Losses
from flower_monitor.receive.inbox import Inbox
from flower_monitor.receive.link import Link
from flower_monitor.receive.thread import Receiver
from flower_monitor.receive.url import Broker

#: Seconds to wait for a connection.
CONNECT_TIMEOUT = 5.0

#: Seconds between heartbeats asked for: a broker that is gone without a word is noticed in twice that.
HEARTBEAT = 10

#: Seconds between looks at what was committed meanwhile: an acknowledgement waits that long at most.
POLL = 0.1

#: Messages sent to us and not yet acknowledged: at a commit each 250 ms they allow 20,000 a second.
PREFETCH = 5_000

#: What the queue holds while we are away: bytes, and milliseconds of a message and of the queue itself.
QUEUE_ARGUMENTS = {
    "x-max-length-bytes": 256 << 20,
    "x-overflow": "drop-head",
    "x-message-ttl": 24 * 3600 * 1000,
    "x-expires": 24 * 3600 * 1000,
}


class RabbitFeed:
    """The events that Celery publishes on one RabbitMQ."""

    decode = staticmethod(decode.bodies)

    def __init__(self, broker: Broker, config: Config) -> None:
        self.link = Link(broker)
        self._inbox = Inbox(config.buffer_bytes)
        self._session = RabbitSession(broker, queue(config), self.link, self._inbox)
        self._receiver = Receiver(self._session, self.link)

    def start(self) -> None:
        """Begin to receive."""
        self._receiver.start()

    def stop(self) -> None:
        """Receive no more, but stay connected for the last acknowledgement."""
        self._session.pause()

    def close(self) -> None:
        """Acknowledge what was committed, and hang up."""
        self._receiver.stop()

    def wait(self, seconds: float) -> None:
        """Until something came, or some seconds."""
        self._inbox.wait(seconds)

    def take(self) -> list[bytes]:
        """Up to CHUNK bodies."""
        return self._inbox.take(CHUNK)

    def committed(self) -> None:
        """All that was taken is stored."""
        self._inbox.commit()

    def waiting(self) -> int:
        """Bytes that wait."""
        return self._inbox.held

    def losses(self) -> Losses:
        """None: what does not fit waits in the queue."""
        return Losses(0, 0)


class RabbitSession:
    """Reads from the queue into the inbox, and acknowledges what is stored."""

    def __init__(self, broker: Broker, queue: str, link: Link, inbox: Inbox) -> None:
        self._link = link
        self._broker = broker
        self._queue = queue
        self._inbox = inbox
        self._paused = False
        self._acknowledged = 0

    def pause(self) -> None:
        """Receive no more. A message that comes at this moment is not acknowledged, so it comes again."""
        self._paused = True

    def interrupt(self) -> None:
        """Nothing: `run` looks up every POLL seconds."""

    def run(self, stopping: threading.Event) -> None:
        """Connect, declare, consume, until it breaks."""
        with translated(self._queue):
            connection = connect(self._broker)
            try:
                channel = connection.channel()
                declare(channel, self._queue)
                self._inbox.restart()
                self._acknowledged = 0
                consume(channel, self._queue, self._inbox.put)
                self._link.connected()
                self._receive(connection, channel, stopping)
                self._acknowledge(channel)
                connection.close()
            finally:
                # Without a word where `close` was not reached: the connection is broken.
                connection.collect()

    def _receive(self, connection: Any, channel: Any, stopping: threading.Event) -> None:
        while not stopping.is_set():
            if self._paused or self._inbox.full():
                stopping.wait(POLL / 10)
            else:
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=POLL)
            self._acknowledge(channel)
            connection.heartbeat_tick()

    def _acknowledge(self, channel: Any) -> None:
        tag = self._inbox.committed()
        if tag > self._acknowledged:
            channel.basic_ack(tag, multiple=True)
            self._acknowledged = tag


def queue(config: Config) -> str:
    """The name of our queue: two monitors may share a broker, even with one name in two namespaces."""
    return ".".join(filter(None, (PROGRAM, config.namespace, config.name)))


def connect(broker: Broker) -> Any:
    """An open connection."""
    host = f"[{broker.host}]" if ":" in broker.host else broker.host
    connection = amqp.Connection(
        host=f"{host}:{broker.port}",
        userid=broker.user or "guest",
        password=broker.password or "guest",
        virtual_host=broker.virtual_host,
        ssl=tls.for_amqp(broker) if broker.tls else False,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=CONNECT_TIMEOUT,
        write_timeout=CONNECT_TIMEOUT,
        heartbeat=HEARTBEAT,
        client_properties={"product": PROGRAM, "version": VERSION, "connection_name": PROGRAM},
    )
    connection.connect()
    return connection


def declare(channel: Any, queue: str) -> None:
    """Celery's exchange, as Celery declares it, and our queue."""
    channel.exchange_declare(EVENT_EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=QUEUE_ARGUMENTS)
    channel.queue_bind(queue, EVENT_EXCHANGE, "#")


def consume(channel: Any, queue: str, put: Callable[[int, bytes], None]) -> None:
    """Have the queue's messages sent to `put`; alone, because two readers would each see half of the events."""

    def deliver(message: Any) -> None:
        body = message.body
        put(message.delivery_tag, body if isinstance(body, bytes) else body.encode())

    def cancelled(tag: str) -> None:
        raise BrokerError(f"the queue {queue} was deleted")

    channel.basic_qos(0, PREFETCH, False)
    channel.basic_consume(queue, callback=deliver, on_cancel=cancelled, exclusive=True)


@contextlib.contextmanager
def translated(queue: str) -> Iterator[None]:
    """The library's errors as ours, with the fix."""
    try:
        yield
    except amqp.exceptions.PreconditionFailed as error:
        raise BrokerError(
            f"the queue {queue} exists with other arguments; delete it (rabbitmqctl delete_queue {queue}) "
            f"or give this monitor another --name ({error.reply_text})"
        ) from error
    except amqp.exceptions.AccessRefused as error:
        raise BrokerError(_refused(queue, error.reply_text or "")) from error
    except amqp.exceptions.NotAllowed as error:
        raise BrokerError(
            f"the broker refused the virtual host; correct it in the URL of --broker ({error.reply_text})"
        ) from error
    except amqp.exceptions.AMQPError as error:
        raise BrokerError(f"RabbitMQ says: {error}") from error


def _refused(queue: str, text: str) -> str:
    """What to do about a refusal."""
    if "exclusive use" in text:
        return f"another monitor reads the queue {queue}; give each monitor of a broker its own --name ({text})"
    if "Login was refused" in text or "PLAIN" in text:
        return f"the broker refused the user name or password; correct them in the URL of --broker ({text})"
    return (
        f"the broker's user needs the right to configure and write {queue} and to read {EVENT_EXCHANGE} and it ({text})"
    )
