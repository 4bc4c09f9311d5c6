"""Tells ingest what workers said that they consume, so that it can count what they do by queue.

It asks nobody: workers are asked when somebody looks at queues, or scrapes gauges of them (queue_watch.py).
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from flower_monitor.consumption import Consumption
from flower_monitor.letterbox import Post
from flower_monitor.queues.workers import queues_of
from flower_monitor.store.reader import Reader
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

INTERVAL = 2.0
"""Seconds between two looks for new answers."""

LETTER = 20
"""Workers in one letter: of names of 255 characters it is 10 kB."""

LONGEST = 255
"""Characters of a name; no queue's is longer, and a worker's with a longer one is left out."""


class Consumptions:
    """Passes answers on, each once to each ingest.

    Args:
        inspection: Has them.
        post: The way to ingest.
        store: Says which ingest there is, and which process each worker.
    """

    def __init__(self, inspection: Inspection, post: Post, store: StoreAccess) -> None:
        self._inspection = inspection
        self._post = post
        self._store = store
        self._ingest: float | None = None
        self._passed: dict[str, float] = {}

    async def run(self) -> None:
        """Pass on what comes, until cancelled."""
        while self._post.open:
            await self.look()
            self.round()
            await asyncio.sleep(INTERVAL)

    async def look(self) -> None:
        """An ingest that was started anew knows nothing of what the one before was told: pass it on again.

        But not what a worker said before it was itself started anew: it may consume something else by now.
        """
        with suppress(Problem):  # no store can be read, so nobody counts either: the next look finds out
            started = await self._store.read(Reader.ingest_started)
            if started != self._ingest:
                pids = await self._store.read(_processes)
                self._passed = {name: at for name, at in self._passed.items() if not self._is(name, pids.get(name))}
                self._ingest = started

    def _is(self, name: str, pid: int | None) -> bool:
        """Whether the process that a worker is now is the one that answered."""
        _, stats = self._inspection.answers(name).get("stats", (0.0, None))
        return isinstance(stats, dict) and pid is not None and stats.get("pid") == pid

    def round(self) -> None:
        """Pass on what came since the last round. What does not fit goes with the next."""
        answers = {name: self._inspection.answers(name).get("active_queues") for name in self._inspection.known()}
        new = {name: found for name, found in answers.items() if found and found[0] > self._passed.get(name, 0.0)}
        self._passed = {name: at for name, at in self._passed.items() if name in answers}
        for letter in letters({name: only_queue(value) for name, (_, value) in new.items()}):
            if not self._post.send([letter]):
                return
            self._passed |= {name: new[name][0] for name in letter.queues}


def _processes(reader: Reader) -> dict[str, int | None]:
    return {worker.hostname: worker.pid for worker in reader.workers()}


def only_queue(active_queues: Any) -> str:
    """The queue of a worker by its answer of that name; "" when it is not one. Pure."""
    names = {queue["name"] for queue in queues_of([{"active_queues": active_queues}])}
    return names.pop() if len(names) == 1 else ""


def letters(queues: Mapping[str, str]) -> Iterator[Consumption]:
    """What workers consume, in pieces that a letter holds. Pure."""
    pairs = [(name, queue) for name, queue in queues.items() if max(len(name), len(queue)) <= LONGEST]
    for start in range(0, len(pairs), LETTER):
        yield Consumption(dict(pairs[start : start + LETTER]))
