"""Messages between two threads: bounded in bytes, acknowledged only when they are stored.

Nothing is dropped here. When there is no room the receiving thread pauses: what is left waits in the broker.
"""

import threading
from collections import deque
from typing import NamedTuple

#: Bytes beyond its body that a message costs.
OVERHEAD = 100


class Delivery(NamedTuple):
    """Some messages in a row; tags mean something only on the connection they came by."""

    connection: int
    tag: int
    """Of the last of them."""

    bodies: list[bytes]
    size: int


class Inbox:
    """Deliveries from the receiving thread to the decoding one.

    Args:
        limit: Bytes above which the receiving thread pauses.
        most: Messages that are taken at a time.
    """

    def __init__(self, limit: int, most: int) -> None:
        self._limit = limit
        self._most = most
        self._deliveries: deque[Delivery] = deque()
        self._more = threading.Event()
        # Each has one writing thread, so that no lock is needed.
        self._put = self._got = 0
        self._connection = 0
        self._taken = self._committed = Delivery(0, 0, [], 0)

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

    def put(self, last: int, bodies: list[bytes]) -> None:
        """Add messages that came one after the other, the last with this tag."""
        first = last - len(bodies)
        for start in range(0, len(bodies), self._most):
            part = bodies[start : start + self._most]
            size = sum(map(len, part)) + len(part) * OVERHEAD
            self._put += size
            self._deliveries.append(Delivery(self._connection, first + start + len(part), part, size))
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

    def take(self) -> list[bytes]:
        """The bodies of the next messages, without those that will come again."""
        while self._deliveries:
            delivery = self._deliveries.popleft()
            self._got += delivery.size
            if delivery.connection == self._connection:
                self._taken = delivery._replace(bodies=[])
                return delivery.bodies
        return []

    def commit(self) -> None:
        """All that was taken is stored."""
        self._committed = self._taken
