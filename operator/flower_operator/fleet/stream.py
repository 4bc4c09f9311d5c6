"""The live feed (server-sent events).

There are no queues. A subscriber remembers the revision it has seen and takes what is newer whenever it can take more:
one that reads slowly gets fewer, larger steps, costs no memory and holds nobody up.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

import msgspec

from flower_operator.exceptions import KubeError
from flower_operator.fleet.roster import Entry, Place, Revision
from flower_operator.fleet.view import ClusterView, MonitorsDelta, ref_of, view_of

log = logging.getLogger(__name__)

PERIOD = 1.0
"""Least seconds between two events to one subscriber."""
HEARTBEAT = 10.0
"""Seconds of silence after which an event that says nothing is sent: proxies keep the connection, and a page that
hears nothing for 20 s knows that it was cut off."""
LIFE = 300.0
"""Seconds that a stream lives. The browser reconnects by itself, and its right to see the fleet is checked again."""
RETRY = 2_000
"""Milliseconds that a browser waits before it reconnects."""


SeenBy = Callable[[], Awaitable[Sequence[Entry]]]
"""Tells the monitors that a subscriber may see now."""


class Feed:
    """Makes the events of any number of subscribers.

    Args:
        changes: Moves with every change of anything.
        cluster: What to say of the fleet's own cluster just now.
        clusters: And of the others.
        life: Seconds that a stream lives.
    """

    def __init__(
        self,
        changes: Revision,
        cluster: Callable[[], ClusterView],
        clusters: Callable[[], list[ClusterView]] = list,
        life: float = LIFE,
    ) -> None:
        self.subscribers = 0
        self._changes = changes
        self._cluster = cluster
        self._clusters = clusters
        self._life = life
        self._closing = False

    def close(self) -> None:
        """End all streams, within `PERIOD`: the program is going down."""
        self._closing = True
        self._changes.bump()

    async def events(self, seen_by: SeenBy) -> AsyncGenerator[bytes, None]:
        """One subscriber's stream: everything that they see first, then what changed."""
        self.subscribers += 1
        try:
            async for event in self._events(seen_by):
                yield event
        except KubeError as error:
            # No is no; the browser connects again, and is told so then.
            log.warning("A stream was ended, because the API server could not be asked who may see it: %s", error)
        finally:
            self.subscribers -= 1

    async def _events(self, seen_by: SeenBy) -> AsyncGenerator[bytes, None]:
        end = time.monotonic() + self._life
        revision = self._changes.value
        shown = await seen_by()
        known = places_of(shown)
        yield f"retry: {RETRY}\n".encode() + self._encode(revision, shown, (), full=True)
        while not self._closing and time.monotonic() < end:
            await asyncio.sleep(PERIOD)
            before, revision = revision, await self._news(revision)
            shown = await seen_by()
            changed = [entry for entry in shown if entry.revision > before or entry.place not in known]
            gone, known = known - places_of(shown), places_of(shown)
            yield self._encode(revision, changed, gone, full=False)

    async def _news(self, seen: int) -> int:
        """The revision after `seen`, or `seen` when nothing came for a heartbeat."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                return await self._changes.beyond(seen)
        except TimeoutError:
            return seen

    def _encode(self, revision: int, changed: Iterable[Entry], gone: Iterable[Place], *, full: bool) -> bytes:
        now = time.time()
        delta = MonitorsDelta(
            full=full,
            items=[view_of(entry, now) for entry in changed],
            removed=[ref_of(place) for place in gone],
            cluster=self._cluster(),
            clusters=self._clusters(),
        )
        return b"event: monitors\nid: %d\ndata: %s\n\n" % (revision, msgspec.json.encode(delta))


def places_of(entries: Iterable[Entry]) -> frozenset[Place]:
    """Which they are."""
    return frozenset(entry.place for entry in entries)
