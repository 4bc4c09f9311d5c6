"""How much waits in our queue on RabbitMQ, and whether it had to drop some: the broker does not tell."""

from flower_monitor.receive.claim import Claim
from flower_monitor.receive.link import Link
from flower_monitor.store.records import Notice

#: Seconds between questions.
ASK_EVERY = 5.0

#: A queue that holds this share of its bytes is full: it drops whole messages, so that it never holds all.
FULL = 0.98


class Backlog:
    """Follows one queue over one connection.

    A full queue drops its oldest. That is known by what it held when we came, exactly, since its bound counts the
    bytes of bodies; and estimated by the number that waits and the size of those that come, while we are connected.

    Args:
        found: The queue.
        limit: Bytes it may hold.
        link: Where it is said.
    """

    def __init__(self, found: Claim, limit: int, link: Link) -> None:
        self.queue = found.queue
        self._ours = found.mode == "queue"
        self._limit = limit
        self._link = link
        self._asked = 0.0
        self._left = found.waiting
        self._bytes = 0
        self._average = 0.0
        link.backlog(found.waiting)

    def due(self, now: float) -> bool:
        """Whether to ask again."""
        if now - self._asked < ASK_EVERY:
            return False
        self._asked = now
        return True

    def received(self, bodies: list[bytes]) -> None:
        """Messages came."""
        size = sum(map(len, bodies))
        self._average += 0.1 * (size / len(bodies) - self._average)
        if self._left <= 0:
            return
        self._left -= len(bodies)
        self._bytes += size
        if self._left <= 0 and self._ours and self._bytes >= FULL * self._limit:
            self._link.backlog(0, _full("was full when the monitor came back"))

    def told(self, waiting: int) -> None:
        """The broker's answer."""
        full = self._ours and waiting * self._average >= FULL * self._limit
        self._link.backlog(waiting, _full("is full: events come faster than they are stored") if full else None)


def _full(what: str) -> Notice:
    return Notice(
        "queue-full",
        "warning",
        f"Our queue on RabbitMQ {what}, and dropped the oldest events. How many, it does not tell.",
        "Give it more room (--queue-bytes), or the monitor more CPU.",
    )
