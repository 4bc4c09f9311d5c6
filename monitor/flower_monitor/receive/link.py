"""The state of the connection to the broker, and each time it was lost."""

import time
from collections import deque
from typing import NamedTuple

from msgspec.structs import replace

from flower_monitor.exceptions import BrokerError
from flower_monitor.receive.url import Broker
from flower_monitor.store.records import BrokerStatus, Notice

#: Breaks remembered until ingest takes them: more of them in one commit only repeat what the first say.
BREAKS_KEPT = 100


class Break(NamedTuple):
    """A time in which nothing was received."""

    since: float
    """Epoch seconds when something was last heard."""

    until: float
    reason: str
    """Of `exceptions.BrokerError`, made more precise where the next connection knew better."""

    detail: str
    kept: bool
    """The broker kept for us what was published meanwhile: nothing is lost."""


class Link:
    """What the receiving thread says of its connection. Each change replaces a value whole: readers need no lock."""

    def __init__(self, broker: Broker) -> None:
        self.status = BrokerStatus(kind=broker.name, url=broker.public, since=time.time())
        self.connections = 0
        """Times it was connected since the start."""

        self.breaks: deque[Break] = deque(maxlen=BREAKS_KEPT)
        """Those that are over; ingest takes them out."""

        self.notices: dict[str, Notice] = {}
        """What a person should know of this connection, by code."""

        self._lost: tuple[float, BrokerError] | None = None

    @property
    def lost(self) -> BrokerError | None:
        """Why the last connection ended; None when there was none, or it lasts."""
        return self._lost[1] if self._lost else None

    def trying(self, broker: Broker) -> None:
        """An attempt begins."""
        if self.status.url != broker.public:
            self.status = replace(self.status, url=broker.public)

    def connected(self, mode: str, kept: bool = False, notices: tuple[Notice, ...] = (), reason: str = "") -> None:
        """Events arrive from now on.

        Args:
            mode: How they come, as `BrokerStatus.mode`.
            kept: What was published meanwhile was kept for us.
            notices: What to tell of it.
            reason: Why the connection before was lost, when that is known better now.
        """
        now = time.time()
        if self._lost:
            since, error = self._lost
            self.breaks.append(Break(since, now, reason or error.reason, str(error), kept))
            self._lost = None
        self.notices = {notice.code: notice for notice in notices}
        self.connections += 1
        self.status = replace(
            self.status, state="connected", since=now, attempts=0, last_error=None, mode=mode, backlog=None
        )

    def backlog(self, messages: int, full: Notice | None = None) -> None:
        """How many messages wait in the broker; `full` when it had to drop some."""
        self.status = replace(self.status, backlog=messages)
        if full is not None:
            self.notices = {**self.notices, full.code: full}

    def failed(self, error: BrokerError) -> None:
        """An attempt failed, or the connection is gone. `since` stays that of the first failure."""
        now = time.time()
        if self.status.state == "connected":
            self._lost = (now - error.silent, error)
        down = self.status.state == "disconnected"
        self.status = replace(
            self.status,
            state="disconnected",
            since=self.status.since if down else now - error.silent,
            attempts=self.status.attempts + 1,
            last_error=str(error),
            backlog=None,
        )
