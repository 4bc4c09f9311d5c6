"""RabbitMQ's management API: the only thing that tells all of a queue.

It is asked only where `--broker-api` says so. Flower guesses http://HOST:15672 and sends the broker's password there in
clear text; a guess that is wrong is an error for every look, and AMQP tells the length in any case.
"""

import base64
import http.client
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec

from flower_monitor.exceptions import BrokerError, UsageError
from flower_monitor.queues.records import Depth, Depths
from flower_monitor.receive import tls
from flower_monitor.receive.url import Broker

TIMEOUT = 4.0
"""Seconds for connecting, and for each answer."""

MOST_SECONDS = 8.0
"""Seconds for all queues: a request each, on one connection."""

MOST_BYTES = 1 << 20
"""Of one answer. That of a queue, cut to the columns below, has some hundred."""

COLUMNS = ",".join(
    (
        *("name", "messages_ready", "messages_unacknowledged", "consumers", "head_message_timestamp"),
        *("message_stats.publish_details.rate", "message_stats.deliver_get_details.rate"),
    )
)


class _Rate(msgspec.Struct):
    rate: float | None = None


class _Stats(msgspec.Struct):
    publish_details: _Rate = msgspec.field(default_factory=_Rate)
    deliver_get_details: _Rate = msgspec.field(default_factory=_Rate)


class _Queue(msgspec.Struct):
    messages_ready: int | None = None
    messages_unacknowledged: int | None = None
    consumers: int | None = None
    head_message_timestamp: float | str | None = None
    message_stats: _Stats | list[Any] | None = None
    """A list when it is empty."""


class Management:
    """Asks for queues of one virtual host.

    Args:
        url: `--broker-api`: http or https, with or without `/` at its end; credentials in it win over the broker's.
        broker: The broker: virtual host, credentials, TLS options.
    """

    def __init__(self, url: str, broker: Broker) -> None:
        parts = urlsplit(checked(url, broker))
        self._host, self._port, self._secure = parts.hostname or "", parts.port, parts.scheme == "https"
        self._base = quote(parts.path.rstrip("/"), safe="/%") or "/api"
        self._vhost = quote(broker.virtual_host, safe="")
        user = unquote(parts.username or "") or broker.user or "guest"
        password = unquote(parts.password or "") or broker.password or "guest"
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}
        self._broker = broker
        self.public = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._base}"
        """Its address without credentials."""

    def look(self, names: Sequence[str]) -> Depths:
        """All of some queues. It blocks, for `MOST_SECONDS` and one timeout at most.

        Raises:
            BrokerError: It can't be reached, refused, or answered nonsense.
        """
        try:
            return self._look(names)
        except (OSError, http.client.HTTPException, UnicodeError, UsageError) as error:
            raise BrokerError(f"{self.public}: {str(error) or type(error).__name__}") from error

    def _look(self, names: Sequence[str]) -> Depths:
        connection = self._connect()
        try:
            found = self._each(connection, names)
            if len(found) < len(names):
                # A wrong address says "not found" too: it must not look like a broker without queues.
                self._get(connection, f"queues/{self._vhost}?page=1&page_size=1&columns=name")
        finally:
            connection.close()
        return Depths("management", tuple(found))

    def _each(self, connection: http.client.HTTPConnection, names: Sequence[str]) -> list[Depth]:
        found, until = [], time.monotonic() + MOST_SECONDS
        for name in names:
            if time.monotonic() > until:
                raise BrokerError(f"{self.public}: {len(names)} queues could not be read within {MOST_SECONDS:.0f} s")
            path = f"queues/{self._vhost}/{quote(name, safe='')}?columns={COLUMNS}"
            if (body := self._get(connection, path, may_lack=True)) is not None:
                found.append(self._depth(name, body))
        return found

    def _connect(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        context = tls.context(self._broker)
        return http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT, context=context)

    def _get(self, connection: http.client.HTTPConnection, path: str, may_lack: bool = False) -> bytes | None:
        """The body of an answer; None: there is no such thing, where that may be."""
        connection.request("GET", f"{self._base}/{path}", headers=self._headers)
        answer = connection.getresponse()
        body = answer.read(MOST_BYTES + 1)
        if answer.status == http.HTTPStatus.NOT_FOUND and may_lack:
            return None
        if answer.status != http.HTTPStatus.OK or len(body) > MOST_BYTES:
            raise BrokerError(f"{self.public}: {self._refusal(answer.status)}", reason="refused")
        return body

    def _refusal(self, status: int) -> str:
        if status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
            return f"{status}: the user may not see queues; give one with the tag monitoring in --broker-api"
        if status == http.HTTPStatus.NOT_FOUND:
            return (
                "404: no management API here, or not this virtual host; --broker-api looks like http://host:15672/api"
            )
        return f"the management API answered {status}"

    def _depth(self, name: str, body: bytes) -> Depth:
        try:
            return depth(name, body)
        except (msgspec.DecodeError, ValueError) as error:
            raise BrokerError(f"{self.public}: what it says of a queue can't be read: {error}") from error


def depth(name: str, body: bytes) -> Depth:
    """A queue of the API's answer. Pure."""
    found = msgspec.json.decode(body, type=_Queue)
    unknown = {}
    if found.messages_ready is None:
        unknown = dict.fromkeys(("ready", "unacknowledged", "consumers"), "RabbitMQ has not counted them yet")
    stats = found.message_stats if isinstance(found.message_stats, _Stats) else _Stats()
    at = found.head_message_timestamp
    return Depth(
        name=name,
        ready=found.messages_ready,
        unacknowledged=found.messages_unacknowledged,
        consumers=found.consumers,
        head_at=float(at) if at else None,
        rate_in=stats.publish_details.rate,
        rate_out=stats.deliver_get_details.rate,
        unknown=unknown,
    )


def checked(url: str, broker: Broker) -> str:
    """The URL, if it can be one.

    Raises:
        UsageError: It can't, or files for its TLS can't be read; without the URL, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UsageError("--broker-api: the port must be a number, as in http://host:15672/api") from error
    if not valid:
        raise UsageError("--broker-api: give RabbitMQ's management API, as in http://user:password@host:15672/api")
    if parts.scheme == "https":
        tls.context(broker)
    return url
