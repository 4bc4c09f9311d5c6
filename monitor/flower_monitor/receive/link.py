"""The state of the connection to the broker."""

import time

from msgspec.structs import replace

from flower_monitor.receive.url import Broker
from flower_monitor.store.records import BrokerStatus


class Link:
    """What the receiving thread says of its connection. Each change replaces `status` whole: readers need no lock."""

    def __init__(self, broker: Broker) -> None:
        self.status = BrokerStatus(kind=broker.kind, url=broker.public, since=time.time())
        self.connections = 0
        """Times it was connected since the start."""

    def connected(self) -> None:
        """Events arrive from now on."""
        self.connections += 1
        self.status = replace(self.status, state="connected", since=time.time(), attempts=0, last_error=None)

    def failed(self, error: str) -> None:
        """An attempt failed, or the connection is gone. `since` stays that of the first failure."""
        down = self.status.state == "disconnected"
        self.status = replace(
            self.status,
            state="disconnected",
            since=self.status.since if down else time.time(),
            attempts=self.status.attempts + 1,
            last_error=error,
        )
