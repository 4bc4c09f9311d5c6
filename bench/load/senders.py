"""How messages get to a broker."""

import socket
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlparse

from bench.load.messages import Message
from bench.load.stream import Load


class Publisher(Protocol):
    """Where messages go."""

    messages: int
    """How many went."""

    undelivered: int
    """Task events that had no subscriber."""

    size: int
    """Bytes that went."""

    def send(self, messages: Sequence[Message]) -> None:
        """Publish them; back when the broker has them."""

    def close(self) -> None:
        """Let go of the connection."""


class RedisPublisher:
    """PUBLISH in pipelines on a socket."""

    def __init__(self, load: Load, url: str) -> None:
        parsed = urlparse(url)
        self._load = load
        self._prefix = f"/{parsed.path.strip('/') or '0'}.celeryev/"
        self._socket = socket.create_connection((parsed.hostname or "127.0.0.1", parsed.port or 6379))
        self.messages = self.undelivered = self.size = 0

    def send(self, messages: Sequence[Message]) -> None:
        """Publish them; back when Redis has said of each how many got it."""
        wire = b"".join(map(self._command, messages))
        self.size += len(wire)
        self.messages += len(messages)
        self._socket.sendall(wire)
        for message, reply in zip(messages, self._replies(len(messages)), strict=True):
            if reply[:1] != b":":
                raise RuntimeError(f"Redis said {reply!r}")
            if reply == b":0" and not message.key.startswith("worker"):
                self.undelivered += message.events

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _command(self, message: Message) -> bytes:
        data = self._load.envelope(message)
        topic = (self._prefix + message.key).encode()
        return b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(topic), topic, len(data), data)

    def _replies(self, count: int) -> list[bytes]:
        replies = b""
        while replies.count(b"\n") < count:
            replies += self._socket.recv(1 << 16)
        return replies.split(b"\r\n")[:count]


class AmqpPublisher:
    """basic_publish with py-amqp, as kombu does."""

    def __init__(self, load: Load, url: str) -> None:
        import amqp
        from kombu.connection import Connection

        self._message = amqp.Message
        self._connection = Connection(url)
        self._channel = self._connection.channel()
        self._channel.exchange_declare("celeryev", "topic", durable=True, auto_delete=False)
        self.messages = self.undelivered = self.size = 0

    def send(self, messages: Sequence[Message]) -> None:
        """Publish them."""
        for message in messages:
            body = message.body.encode()
            self.size += len(body)
            self._channel.basic_publish(self._wrapped(message, body), "celeryev", message.key)
        self.messages += len(messages)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _wrapped(self, message: Message, body: bytes) -> object:
        made: object = self._message(
            body,
            delivery_mode=1,
            priority=0,
            content_type="application/json",
            content_encoding="utf-8",
            application_headers={"hostname": message.hostname},
        )
        return made


def publisher(load: Load, url: str) -> Publisher:
    """The right one for a broker."""
    return RedisPublisher(load, url) if url.startswith("redis") else AmqpPublisher(load, url)
