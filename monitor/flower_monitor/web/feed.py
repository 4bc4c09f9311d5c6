"""The live feed: one look at the database a second for all who listen, and none while nobody does."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

import msgspec

from flower_monitor.web.deltas import SUMMARY, Delta, TaskDelta
from flower_monitor.web.look import Observer
from flower_monitor.web.problems import Problem
from flower_monitor.web.shapes import SummaryBody
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.subscriber import Subscriber

logger = logging.getLogger(__name__)

INTERVAL = 1.0
"""Seconds between two looks: what the eye can follow, and what keeps the cost the same at any event rate."""

MAX_SUBSCRIBERS = 500
"""Most open streams. Each may hold a delta of 400 kB while its reader is slow."""

REPEAT_AFTER = 10.0
"""Seconds after which an unchanged summary is sent again, so that a page can tell quiet from cut off."""


class Feed:
    """Reads what changed and hands it to every open stream.

    Args:
        store: Access of its own, so that a slow search never delays the feed.
        observer: Turns what is read into deltas.
        interval: Seconds between two looks.
    """

    def __init__(self, store: StoreAccess, observer: Observer, interval: float = INTERVAL) -> None:
        self._store = store
        self._observer = observer
        self._interval = interval
        self._subscribers: set[Subscriber] = set()
        self._started = asyncio.Event()
        self._since: int | None = None
        self._changed = _ChangeFilter()
        self._closed = False

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._subscribers)

    @contextmanager
    def subscribe(self, topics: Iterable[str]) -> Iterator[Subscriber]:
        """A mailbox that gets every delta on some topics while the context lasts."""
        if len(self._subscribers) >= MAX_SUBSCRIBERS:
            detail = f"{MAX_SUBSCRIBERS} live streams are open, which is the most: close one, or poll the API"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too-many-streams", detail, headers={"Retry-After": "10"})
        subscriber = Subscriber(topics)
        self._subscribers.add(subscriber)
        if self._closed:
            subscriber.close()
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    async def snapshot(self, topics: Iterable[str], since: int | None) -> tuple[int, list[Delta]]:
        """What a newcomer gets first, or one who comes back after a commit."""
        wanted = frozenset(topics)
        batch, deltas = await self._store.read(lambda reader: self._observer.look(reader, since, wanted))
        if self._since is None:
            # The feed goes on where the first snapshot ends: later, and it would miss a commit in between.
            self._since = batch
            self._started.set()
        return batch, deltas

    def close(self) -> None:
        """End all streams, and those that are still opened."""
        self._closed = True
        for subscriber in self._subscribers:
            subscriber.close()

    async def run(self) -> None:
        """Look and hand out until cancelled."""
        while True:
            if not self._subscribers:
                self._since = None
                self._started.clear()
            await self._started.wait()
            await asyncio.sleep(self._interval)
            await self._round()

    async def _round(self) -> None:
        """One look; after a failed one the next starts where this one did."""
        topics = frozenset[str]().union(*(subscriber.topics for subscriber in self._subscribers))
        try:
            batch, deltas = await self._store.read(lambda reader: self._observer.look(reader, self._since, topics))
        except Problem as problem:
            logger.debug("live feed: %s", problem.detail)
            return
        self._since = batch
        for delta in filter(self._changed, deltas):
            for subscriber in self._subscribers:
                subscriber.offer(delta)


class _ChangeFilter:
    """Tells which deltas say something new."""

    def __init__(self) -> None:
        self._last: dict[str, object] = {}
        self._sent_summary_at = 0.0

    def __call__(self, delta: Delta) -> bool:
        if isinstance(delta, TaskDelta):
            return bool(delta.body.items) or delta.body.truncated
        if isinstance(delta.body, SummaryBody):
            return self._summary_is_new(delta.body)
        return self._is_new(delta.topic, delta.body)

    def _summary_is_new(self, body: SummaryBody) -> bool:
        now = body.monitor.now
        timeless = msgspec.structs.replace(body, monitor=msgspec.structs.replace(body.monitor, now=0.0))
        due = abs(now - self._sent_summary_at) >= REPEAT_AFTER
        if not self._is_new(SUMMARY, timeless) and not due:
            return False
        self._sent_summary_at = now
        return True

    def _is_new(self, topic: str, body: object) -> bool:
        if self._last.get(topic) == body:
            return False
        self._last[topic] = body
        return True
