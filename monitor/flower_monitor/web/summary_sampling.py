"""Notes the summary's numbers once a minute, for their history. It asks no broker and no worker for it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from flower_monitor.constants import STATUS_STALE
from flower_monitor.letterbox import Post
from flower_monitor.queue_samples import MINUTE
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Summary
from flower_monitor.summary_samples import Figure, SummarySample
from flower_monitor.web import missing
from flower_monitor.web.problems import Problem
from flower_monitor.web.queues import Look, Queues
from flower_monitor.web.store import StoreAccess

INTERVAL = 2.0
"""Seconds between two checks whether a minute began, or, where nothing was known yet, whether something is."""


class SummarySampling:
    """Passes on what is known of each minute, once. A minute of which nothing is known stays a hole.

    Args:
        store: Has the summary.
        queues: Remembers the last look.
        post: The way to ingest.
        clock: Epoch seconds.
    """

    def __init__(self, store: StoreAccess, queues: Queues, post: Post, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._queues = queues
        self._post = post
        self._clock = clock
        self._minute = 0

    async def run(self) -> None:
        """Pass on what is known, until cancelled."""
        while self._post.open:
            with suppress(Problem):  # no store can be read, so nothing is known: the next round finds out
                await self.round()
            await asyncio.sleep(INTERVAL)

    async def round(self) -> None:
        """Tell ingest what is known of this minute, unless it was told.

        Raises:
            Problem: 503 while there is no readable store.
        """
        now = self._clock()
        minute = int(now) // MINUTE * MINUTE
        if minute == self._minute:
            return
        known = figures(await self._store.read(Reader.summary), self._queues.last(), now)
        if known and self._post.send([SummarySample(minute, known)]):
            self._minute = minute


def figures(summary: Summary, look: Look | None, now: float) -> dict[Figure, float]:
    """What is known at a time, epoch seconds. Pure."""
    found: dict[Figure, float | None] = {"waiting": _waiting(look, now)}
    if _hears(summary, now):
        found["workers"] = summary.workers.get("online", 0)
        # Where no event came lately, it is the lag of one that came long ago.
        found["lag"] = summary.ingest.lag if summary.ingest.rate > 0 else None
        found["seen"] = missing.share(summary.seen)
    return {figure: value for figure, value in found.items() if value is not None}


def _hears(summary: Summary, now: float) -> bool:
    """Whether ingest is alive and hears its broker: else it says what was before."""
    committed = summary.ingest.committed_at
    return summary.broker.state == "connected" and committed is not None and now - committed <= STATUS_STALE


def _waiting(look: Look | None, now: float) -> float | None:
    """Messages that wait in all queues that tell; None: nobody looked within a minute, or none tells."""
    if look is None or not 0 <= now - look.at <= MINUTE:
        return None
    ready = [row.ready for row in look.items if row.ready is not None]
    return sum(ready) if ready else None
