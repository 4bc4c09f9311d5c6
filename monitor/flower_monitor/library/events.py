"""Events of a broker as they come, as Flower's `flower.events` and Celery's `EventReceiver` give them.

They are received as the monitor receives its own (receive/): on Redis by pub/sub, which moves no message; on RabbitMQ
by a queue of our own, whose name is used once, which is bounded, and which goes a minute after the reader has.
"""

import time
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from flower_monitor.exceptions import BrokerError
from flower_monitor.fold.events import Broken, Event
from flower_monitor.library.connection import config_of
from flower_monitor.receive import feed
from flower_monitor.store.records import BrokerStatus

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for the first connection."""

QUEUE_EXPIRES = 60.0
"""Seconds that RabbitMQ keeps the queue of a reader that is gone, and a message that none took."""

QUEUE_BYTES = 64 << 20
"""Bytes that the queue holds; then the oldest go."""

LOOK = 0.5
"""Seconds after which a wait looks up, so that Ctrl-C is heard."""


class Events:
    """Reads events for as long as a `with` lasts; one thread at a time.

    A broken connection is made again by itself. On Redis what was sent meanwhile is lost; on RabbitMQ it comes late,
    and what was given but not yet acknowledged comes twice.

    Args:
        broker_url: The broker, as Celery's `broker_url`.
        transport_options: Celery's `broker_transport_options`.
        broker_use_ssl: Celery's `broker_use_ssl`.
        buffer_bytes: Most bytes received and not yet read. On Redis more of them are dropped, and `lost` counts them;
            RabbitMQ keeps them in the queue, which drops its oldest when it is full.

    Raises:
        UsageError: An argument is wrong.
    """

    def __init__(
        self,
        broker_url: str,
        *,
        transport_options: Mapping[str, Any] | None = None,
        broker_use_ssl: bool | Mapping[str, Any] = False,
        buffer_bytes: int = 32 << 20,
    ) -> None:
        config = config_of(
            broker_url,
            transport_options,
            broker_use_ssl,
            name=f"events-{uuid.uuid4()}",
            queue_expires=QUEUE_EXPIRES,
            queue_bytes=QUEUE_BYTES,
            buffer_bytes=buffer_bytes,
        )
        self._feed = feed.connect(config)
        self._waiting: deque[Event] = deque()
        self.invalid = 0
        """Messages, and events in them, that could not be understood."""

        self.last_invalid: Broken | None = None
        """The last of them."""

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            BrokerError: The broker could not be reached within `CONNECT_TIMEOUT`.
        """
        self._feed.start()
        try:
            self._connect()
        except BaseException:
            self.close()  # Ctrl-C too must leave nothing that receives
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Event]:
        """Every event, for ever."""
        return self.capture()

    def capture(self, limit: int | None = None, timeout: float | None = None) -> Iterator[Event]:
        """Events as they come.

        Args:
            limit: How many; None: all.
            timeout: Seconds without an event after which it ends; None: it waits for ever. (Celery's raises then.)
        """
        given = 0
        while (limit is None or given < limit) and self._more(timeout):
            given += 1
            yield self._waiting.popleft()

    @property
    def status(self) -> BrokerStatus:
        """The connection: its `state`, since when, and the last error."""
        return self._feed.link.status

    @property
    def lost(self) -> int:
        """Messages that were received and dropped, as they came faster than they were read."""
        return self._feed.losses().messages

    def close(self) -> None:
        """Stop receiving."""
        self._feed.stop()
        self._feed.close()

    def _connect(self) -> None:
        until = time.monotonic() + CONNECT_TIMEOUT
        while not self._feed.link.connections:
            if time.monotonic() > until:
                raise BrokerError(self.status.last_error or f"{self.status.url} did not answer in {CONNECT_TIMEOUT} s")
            time.sleep(0.01)

    def _more(self, timeout: float | None) -> bool:
        """Wait for an event; whether there is one."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._waiting:
            self._feed.committed()  # all that was taken was given
            if messages := self._feed.take():
                self._decode(messages)
                continue
            left = LOOK if until is None else min(LOOK, until - time.monotonic())
            if left <= 0:
                return False
            self._feed.wait(left)
        return True

    def _decode(self, messages: list[bytes]) -> None:
        decoded = self._feed.decode(messages)
        self._waiting += decoded.events
        self.invalid += len(decoded.broken)
        self.last_invalid = decoded.broken[-1] if decoded.broken else self.last_invalid
