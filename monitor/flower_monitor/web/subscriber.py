"""One listener of the live stream: what it still has to get, at most one delta a topic."""

import asyncio
from collections.abc import Iterable

from flower_monitor.web.deltas import TOPICS, Delta


class Subscriber:
    """The mailbox between the feed and one open stream. Lives on the event loop; nothing in it blocks.

    Args:
        topics: What the stream was asked for.
    """

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = frozenset(topics)
        self.skipped = 0
        """Deltas that were merged into a later one, because the reader had not taken them."""
        self._pending: dict[str, Delta] = {}
        self._wake = asyncio.Event()
        self._closed = False

    def offer(self, delta: Delta) -> None:
        """Leave a delta for the reader, merged with what it has not taken yet."""
        if delta.topic not in self.topics or self._closed:
            return
        older = self._pending.get(delta.topic)
        self.skipped += older is not None
        self._pending[delta.topic] = delta.after(older)
        self._wake.set()

    def forget_until(self, batch: int) -> None:
        """Drop deltas as of a commit and before: the reader has something newer already.

        Without this a delta that was read before the snapshot and sent after it would turn a finished task
        back into a running one, for good.
        """
        self._pending = {topic: delta for topic, delta in self._pending.items() if delta.batch > batch}

    def close(self) -> None:
        """End the stream."""
        self._closed = True
        self._pending.clear()
        self._wake.set()

    async def take(self, patience: float) -> list[Delta] | None:
        """What there is to send, waiting for it up to a time in seconds.

        Returns:
            The deltas in the order of `TOPICS`, an empty list after the time, None once the stream is closed.
        """
        try:
            async with asyncio.timeout(patience):
                await self._wake.wait()
        except TimeoutError:
            return []
        if self._closed:
            return None
        self._wake.clear()
        pending, self._pending = self._pending, {}
        return [pending[topic] for topic in TOPICS if topic in pending]
