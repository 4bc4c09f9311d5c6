"""The live feed (server-sent events).

There are no queues. A subscriber remembers the revision it has seen and takes what is newer whenever it can take more:
one that reads slowly gets fewer, larger steps, costs no memory and holds nobody up.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable

import msgspec

from flower_operator.fleet.roster import Entry, Roster
from flower_operator.fleet.view import ClusterView, MonitorsDelta, ref_of, view_of
from flower_operator.spec import Key

PERIOD = 1.0
"""Least seconds between two events to one subscriber."""
HEARTBEAT = 10.0
"""Seconds of silence after which an event that says nothing is sent: proxies keep the connection, and a page that
hears nothing for 20 s knows that it was cut off."""
LIFE = 300.0
"""Seconds that a stream lives. The browser reconnects by itself, and its right to see the fleet is checked again."""
RETRY = 2_000
"""Milliseconds that a browser waits before it reconnects."""


Cluster = Callable[[], ClusterView]


class Feed:
    """Makes the events of any number of subscribers."""

    def __init__(self, roster: Roster, cluster: Cluster, life: float = LIFE) -> None:
        self.subscribers = 0
        self._roster = roster
        self.cluster = cluster
        """What to say of the cluster just now."""
        self._life = life
        self._closing = False

    def close(self) -> None:
        """End all streams, within `PERIOD`: the program is going down."""
        self._closing = True
        self._roster.changes.bump()

    async def events(self) -> AsyncGenerator[bytes, None]:
        """One subscriber's stream: everything first, then what changed."""
        self.subscribers += 1
        try:
            async for event in self._events():
                yield event
        finally:
            self.subscribers -= 1

    async def _events(self) -> AsyncGenerator[bytes, None]:
        end = time.monotonic() + self._life
        revision, known = self._roster.changes.value, self._roster.keys()
        yield f"retry: {RETRY}\n".encode() + self._encode(revision, self._roster.entries(), (), full=True)
        while not self._closing and time.monotonic() < end:
            await asyncio.sleep(PERIOD)
            seen, revision = revision, await self._news(revision)
            gone, known = known - self._roster.keys(), self._roster.keys()
            yield self._encode(revision, self._roster.changed_since(seen), gone, full=False)

    async def _news(self, seen: int) -> int:
        """The revision after `seen`, or `seen` when nothing came for a heartbeat."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                return await self._roster.changes.beyond(seen)
        except TimeoutError:
            return seen

    def _encode(self, revision: int, changed: Iterable[Entry], gone: Iterable[Key], *, full: bool) -> bytes:
        now = time.time()
        delta = MonitorsDelta(
            full=full,
            items=[view_of(entry, now) for entry in changed],
            removed=[ref_of(key) for key in gone],
            cluster=self.cluster(),
        )
        return b"event: monitors\nid: %d\ndata: %s\n\n" % (revision, msgspec.json.encode(delta))
