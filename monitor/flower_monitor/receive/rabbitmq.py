"""RabbitMQ: a durable queue of our own, bound to Celery's events, acknowledged after the commit.

While the monitor is away its events wait there: bounded in bytes and messages (the oldest go first) and in time, and
the queue itself goes when nobody came for it.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import amqp
import amqp.exceptions

from flower_monitor.config import Config
from flower_monitor.constants import PROGRAM, VERSION
from flower_monitor.exceptions import BrokerError, UsageError
from flower_monitor.fold import decode
from flower_monitor.receive import tls
from flower_monitor.receive.claim import Claim, claim
from flower_monitor.receive.consumer import HEARTBEAT, Consumer
from flower_monitor.receive.feed import CHUNK, MOST_MESSAGES, Losses, queue_name
from flower_monitor.receive.inbox import Inbox
from flower_monitor.receive.link import Link
from flower_monitor.receive.thread import Receiver
from flower_monitor.receive.url import Broker

#: Seconds to wait for a connection.
CONNECT_TIMEOUT = 5.0

#: Messages sent to us and not yet acknowledged: at a commit each 250 ms they allow 20,000 a second.
PREFETCH = 5_000


class RabbitFeed:
    """The events that Celery publishes on one RabbitMQ."""

    decode = staticmethod(decode.bodies)

    def __init__(self, brokers: Sequence[Broker], config: Config) -> None:
        self.link = Link(brokers[0])
        self._inbox = Inbox(config.buffer_bytes, CHUNK)
        self._session = RabbitSession(config, self.link, self._inbox)
        self._receiver = Receiver(self._session, self.link, brokers)

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
        return self._inbox.take()

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

    def __init__(self, config: Config, link: Link, inbox: Inbox) -> None:
        self._config = config
        self._link = link
        self._inbox = inbox
        self._paused = False

    def pause(self) -> None:
        """Receive no more. A message that comes at this moment is not acknowledged, so it comes again."""
        self._paused = True

    def interrupt(self) -> None:
        """Nothing: `run` looks up every POLL seconds."""

    def run(self, broker: Broker, stopping: threading.Event) -> None:
        """Connect, declare, consume, until it breaks."""
        name, exchange = queue_name(self._config), self._config.app.event_exchange
        with translated(name, exchange):
            connection = connect(broker)
            transport = connection.transport  # asked for later it might connect anew
            try:
                found = claim(connection, name, arguments(self._config), exchange)
                channel = consume(connection, found.queue)
                self._inbox.restart()
                self._link.connected(found.mode, self._kept(found), found.notices)
                # Between frames nothing is buffered in py-amqp: from here on its socket is ours.
                Consumer(connection, channel, found, self._inbox, self._link, self._config.queue_bytes).run(
                    stopping, lambda: self._paused
                )
            finally:
                close(connection, transport)

    def _kept(self, found: Claim) -> bool:
        """Whether what was in the queue is still there. Celery's events are transient: in a classic queue they end with
        the broker's process, and a connection that broke without a word may have been that."""
        lost = self._link.lost
        doubtful = lost is not None and lost.reason in ("broken", "restarted")
        return found.kept and not (doubtful and self._config.queue_type == "classic")


def arguments(config: Config) -> dict[str, Any]:
    """What bounds our queue."""
    expires = int(config.queue_expires * 1000)
    return {
        "x-queue-type": config.queue_type,  # said always: a virtual host may have a default of its own
        "x-max-length": MOST_MESSAGES,
        "x-max-length-bytes": config.queue_bytes,
        "x-overflow": "drop-head",
        "x-message-ttl": expires,
        "x-expires": expires,
    }


def connect(broker: Broker) -> Any:
    """An open connection."""
    host = f"[{broker.host}]" if ":" in broker.host else broker.host
    connection = amqp.Connection(
        host=f"{host}:{broker.port}",
        userid=broker.user or "guest",
        password=broker.password or "guest",
        login_method=broker.query.get("login_method"),
        virtual_host=broker.virtual_host,
        ssl=tls.for_amqp(broker) if broker.tls else False,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=CONNECT_TIMEOUT,
        write_timeout=CONNECT_TIMEOUT,
        heartbeat=heartbeat(broker),
        client_properties={"product": PROGRAM, "version": VERSION, "connection_name": PROGRAM},
    )
    try:
        connection.connect()
    except Exception:
        connection.collect()  # it leaves its socket open where a login fails
        raise
    return connection


def heartbeat(broker: Broker) -> int:
    """Seconds between heartbeats."""
    text = broker.query.get("heartbeat", "")
    return int(text) if text.isdecimal() and int(text) else HEARTBEAT


def consume(connection: Any, name: str) -> int:
    """Have a queue's messages sent on a channel; alone, because two readers would each see half of the events."""
    channel = connection.channel()
    channel.basic_qos(0, PREFETCH, False)
    channel.basic_consume(name, callback=_unexpected, exclusive=True)
    number: int = channel.channel_id
    return number


def _unexpected(message: Any) -> None:
    """py-amqp reads no further than the answer to `basic_consume`, so no message comes by it."""
    raise BrokerError("RabbitMQ sent a message before it agreed to send any", "garbled")


def close(connection: Any, transport: Any) -> None:
    """Hang up without a word."""
    sock: socket.socket | None = transport.sock
    transport.sock = None  # py-amqp would wait for the goodbye of TLS
    if sock is not None:
        sock.close()
    connection.collect()


@contextlib.contextmanager
def translated(queue: str, exchange: str) -> Iterator[None]:
    """The library's errors as ours, with the fix."""
    try:
        yield
    except UsageError as error:  # a certificate's file that was there at the start
        raise BrokerError(str(error)) from error
    except amqp.exceptions.ResourceLocked as error:
        raise BrokerError(f"the queue {queue} belongs to another connection ({error.reply_text})", "refused") from error
    except amqp.exceptions.AccessRefused as error:
        raise BrokerError(_refused(queue, exchange, error.reply_text or ""), "refused") from error
    except amqp.exceptions.NotAllowed as error:
        raise BrokerError(
            f"the broker refused the virtual host; correct it in the URL of --broker ({error.reply_text})", "refused"
        ) from error
    except amqp.exceptions.AMQPError as error:
        raise BrokerError(f"RabbitMQ says: {error}", "closed") from error


def _refused(queue: str, exchange: str, text: str) -> str:
    """What to do about a refusal."""
    if "exclusive use" in text:
        return f"another monitor reads the queue {queue}; give each monitor of a broker its own --name ({text})"
    if "Login was refused" in text or "PLAIN" in text:
        return f"the broker refused the user name or password; correct them in the URL of --broker ({text})"
    return f"the broker's user needs the right to configure and write {queue} and to read {exchange} and it ({text})"
