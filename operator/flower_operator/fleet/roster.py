"""All the fleet knows: the monitors and what each last said. Lives in one event loop; nothing here waits on I/O."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.summary import Summary
from flower_operator.spec import Key


@dataclass(frozen=True, slots=True)
class Observation:
    """What came of asking a monitor."""

    at: float | None = None
    """When it last answered, epoch seconds; None: never."""
    error: str | None = None
    """Why the latest try failed; None: it did not, or there was none yet."""
    body: bytes | None = None
    """The last good answer, as it came."""
    summary: Summary | None = None
    """The same, read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A monitor with its observation."""

    monitor: Monitor
    observation: Observation
    revision: int
    """Number of the change that last touched it."""
    cluster: str | None = None
    """Which other cluster it is of; default None: the fleet's own."""

    @property
    def place(self) -> "Place":
        """Which it is among those of all clusters."""
        return Place(self.cluster, *self.monitor.key)


class Place(NamedTuple):
    """Which FlowerMonitor of which cluster."""

    cluster: str | None
    """None: the fleet's own."""
    namespace: str
    name: str


class Revision:
    """A counter that one can wait on."""

    def __init__(self) -> None:
        self.value = 0
        self._next = asyncio.Event()

    def bump(self) -> int:
        """Count one change and wake all who wait for it."""
        self.value += 1
        self._next.set()
        self._next = asyncio.Event()
        return self.value

    async def beyond(self, seen: int) -> int:
        """Wait until the counter is past `seen`; its value then."""
        while self.value <= seen:
            await self._next.wait()
        return self.value


class Roster:
    """The monitors of one cluster by key.

    Args:
        cluster: Which other cluster; default None: the fleet's own.
        changes: Counts the changes of several rosters together; default None: of this one alone.
    """

    def __init__(self, cluster: str | None = None, changes: Revision | None = None) -> None:
        self.cluster = cluster
        self.changes = changes or Revision()
        """Moves with every change of anything."""
        self.members = Revision()
        """Moves when a monitor comes, goes, is suspended or resumed: who is polled may have changed."""
        self._entries: dict[Key, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def get(self, key: Key) -> Entry | None:
        return self._entries.get(key)

    def entries(self) -> list[Entry]:
        """All of them by namespace and name."""
        return [self._entries[key] for key in sorted(self._entries)]

    def keys(self) -> frozenset[Key]:
        return frozenset(self._entries)

    def namespaces(self) -> frozenset[str]:
        """Those that have monitors."""
        return frozenset(key.namespace for key in self._entries)

    def pollable(self) -> frozenset[Key]:
        """Those worth asking: all but the suspended."""
        return frozenset(key for key, entry in self._entries.items() if not entry.monitor.suspended)

    def replace_all(self, monitors: Iterable[Monitor], namespace: str | None = None) -> None:
        """Take a full list, of one namespace or (None) of all: what is not in it is gone."""
        listed = {monitor.key: monitor for monitor in monitors}
        for key in self._entries.keys() - listed.keys():
            if namespace in (None, key.namespace):
                self.remove(key)
        for monitor in listed.values():
            self.put(monitor)

    def put(self, monitor: Monitor) -> None:
        """Take what the API server says of one monitor."""
        old = self._entries.get(monitor.key)
        if old is not None and old.monitor == monitor:
            return
        observation = Observation() if old is None or monitor.suspended else old.observation
        self._entries[monitor.key] = Entry(monitor, observation, self.changes.bump(), self.cluster)
        if old is None or old.monitor.suspended != monitor.suspended:
            self.members.bump()

    def remove(self, key: Key) -> None:
        """Forget a monitor that was deleted."""
        if self._entries.pop(key, None) is not None:
            self.changes.bump()
            self.members.bump()

    def answered(self, key: Key, at: float, body: bytes, summary: Summary) -> None:
        """Note a good answer; of a monitor that went meanwhile, nothing."""
        self._observe(key, Observation(at=at, body=body, summary=summary))

    def failed(self, key: Key, error: str) -> None:
        """Note that a monitor could not be asked; what it said before stays, and ages."""
        if entry := self._entries.get(key):
            self._observe(key, replace(entry.observation, error=error))

    def _observe(self, key: Key, observation: Observation) -> None:
        entry = self._entries.get(key)
        if entry is not None and not entry.monitor.suspended:
            self._entries[key] = Entry(entry.monitor, observation, self.changes.bump(), self.cluster)
