"""RabbitMQ's messages between two threads: bounded in bytes, acknowledged only when they are stored.

Nothing is dropped here. When there is no room the receiving thread pauses: what is left waits in our durable queue.
"""

import threading
from collections import deque
from typing import NamedTuple

#: Bytes beyond its body that a message costs.
OVERHEAD = 200


class Delivery(NamedTuple):
    """A message; tags mean something only on the connection they came by."""

    connection: int
    tag: int
    body: bytes


class Inbox:
    """Deliveries from the receiving thread to the decoding one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._deliveries: deque[Delivery] = deque()
        self._more = threading.Event()
        # Each has one writing thread, so that no lock is needed.
        self._put = self._got = 0
        self._connection = 0
        self._taken = self._committed = Delivery(0, 0, b"")

    @property
    def held(self) -> int:
        """Bytes that wait."""
        return self._put - self._got

    # -- receiving thread ----------------------------------------------------------------------------------

    def full(self) -> bool:
        """Whether to pause."""
        return self.held > self._limit

    def restart(self) -> None:
        """A new connection: what came by the old one and was not acknowledged comes again."""
        self._connection += 1

    def put(self, tag: int, body: bytes) -> None:
        """Add a message."""
        self._put += len(body) + OVERHEAD
        self._deliveries.append(Delivery(self._connection, tag, body))
        self._more.set()

    def committed(self) -> int:
        """The last tag of this connection whose message is stored; 0: none."""
        last = self._committed
        return last.tag if last.connection == self._connection else 0

    # -- decoding thread -----------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Until there is a message, or some seconds."""
        if not self._deliveries:
            self._more.clear()
            if not self._deliveries:
                self._more.wait(seconds)

    def take(self, most: int) -> list[bytes]:
        """The bodies of the next messages, without those that will come again."""
        found: list[bytes] = []
        while self._deliveries and len(found) < most:
            delivery = self._deliveries.popleft()
            self._got += len(delivery.body) + OVERHEAD
            if delivery.connection == self._connection:
                found.append(delivery.body)
                self._taken = delivery._replace(body=b"")
        return found

    def commit(self) -> None:
        """All that was taken is stored."""
        self._committed = self._taken
