"""Notes how long queues are whenever somebody looks at them, for their history. It asks no broker itself."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping

from flower_monitor.letterbox import Post
from flower_monitor.queue_samples import MINUTE, QueueSamples, Sample
from flower_monitor.web.queues import Look, Queues

INTERVAL = 2.0
"""Seconds between two checks whether somebody has looked."""

SEND_EVERY = 10.0
"""Seconds between two letters to ingest: what a kill -9 of this process may lose, and how old the newest step is."""

LETTER = 50
"""Queues in one letter: with names of 255 bytes it is 20 kB."""

MOST_MINUTES = 10
"""Minutes that are kept while ingest takes no letters; then the oldest go."""


class Sampling:
    """Passes on what looks found, each once.

    Args:
        queues: Remembers the last look.
        post: The way to ingest.
        clock: Epoch seconds.
    """

    def __init__(self, queues: Queues, post: Post, clock: Callable[[], float] = time.time) -> None:
        self._queues = queues
        self._post = post
        self._clock = clock
        self._last = 0.0
        self._sent = 0.0
        self._minutes: dict[int, dict[str, Sample]] = {}

    async def run(self) -> None:
        """Pass on what comes, until cancelled."""
        while self._post.open:
            self.round()
            await asyncio.sleep(INTERVAL)

    def round(self) -> None:
        """Note the last look, if it is a new one, and tell ingest now and then."""
        look = self._queues.last()
        if look is not None and look.at != self._last:
            self._last = look.at
            self._add(look)
        if not 0 <= self._clock() - self._sent < SEND_EVERY:
            self._send()

    def _add(self, look: Look) -> None:
        minute = self._minutes.setdefault(int(look.at) // MINUTE * MINUTE, {})
        for row in look.items:
            minute.setdefault(row.name, Sample()).add(row.ready, row.unacknowledged, row.consumers)
        while len(self._minutes) > MOST_MINUTES:
            del self._minutes[min(self._minutes)]

    def _send(self) -> None:
        """Tell ingest what it does not know yet; what does not fit goes with the next."""
        for start in sorted(self._minutes):
            for letter in letters(start, self._minutes[start]):
                if not self._post.send([letter]):
                    return
                for name in letter.queues:
                    del self._minutes[start][name]
            del self._minutes[start]
            self._sent = self._clock()


def letters(start: int, queues: Mapping[str, Sample]) -> Iterator[QueueSamples]:
    """What was seen in a minute, in pieces that a letter holds. Pure."""
    rows = list(queues.items())
    for first in range(0, len(rows), LETTER):
        yield QueueSamples(start, dict(rows[first : first + LETTER]))
