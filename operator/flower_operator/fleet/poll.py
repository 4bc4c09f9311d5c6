"""Asks every monitor for its summary, again and again.

Each monitor has a small task of its own, so that a slow one delays nobody; a semaphore bounds how many ask at a time.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

import msgspec

from flower_operator.fleet.fetch import Fetch, FetchError, Target
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.summary import decode_summary
from flower_operator.spec import Key

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two questions to one monitor; a fifth of it is jitter."""
MAX_INTERVAL = 15.0
"""Longest pause after failures. Short: a monitor that is back should be seen at once."""
CONCURRENCY = 100
"""Questions under way at a time: 1,000 dead monitors (3 s each, every 15 s) need no more than 170."""


Aim = Callable[[Monitor], Awaitable[Target]]
"""Tells where a monitor is and as whom to ask it."""


class Poller:
    """Keeps the roster's observations fresh until cancelled."""

    def __init__(self, roster: Roster, fetch: Fetch, aim: Aim, interval: float = INTERVAL) -> None:
        self.polls = {"ok": 0, "error": 0}
        """Answers and failures since the start."""
        self._roster = roster
        self._fetch = fetch
        self._aim = aim
        self._interval = interval
        self._slots = asyncio.Semaphore(CONCURRENCY)

    async def run(self) -> None:
        """One task for each monitor of the roster that is not suspended."""
        tasks: dict[Key, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            seen = -1
            while True:
                seen = await self._roster.members.beyond(seen)
                wanted = self._roster.pollable()
                for key in tasks.keys() - wanted:
                    tasks.pop(key).cancel()
                for key in wanted - tasks.keys():
                    tasks[key] = group.create_task(self._follow(key), name=f"poll {key}")

    async def _follow(self, key: Key) -> None:
        # Ends by being cancelled only: a key that goes and comes back at once must find its task alive.
        failures = 0
        while True:
            if entry := self._roster.get(key):
                async with self._slots:
                    failures = 0 if await self._ask(entry.monitor) else failures + 1
            await asyncio.sleep(pause_after(failures, self._interval))

    async def _ask(self, monitor: Monitor) -> bool:
        try:
            target = await self._aim(monitor)
            body = await self._fetch(target)
        except FetchError as error:
            return self._note_failure(monitor.key, str(error))
        try:
            summary = decode_summary(body)
        except msgspec.MsgspecError as error:
            return self._note_failure(monitor.key, f"{target.url} answered what is no summary: {error}.")
        self.polls["ok"] += 1
        self._roster.answered(monitor.key, time.time(), body, summary)
        return True

    def _note_failure(self, key: Key, error: str) -> bool:
        self.polls["error"] += 1
        log.debug("%s: %s", key, error)
        self._roster.failed(key, error)
        return False


def pause_after(failures: int, interval: float) -> float:
    """Seconds until the next question: longer after failures, never in step with the others."""
    longest = max(interval, MAX_INTERVAL)
    # Bounded before it is raised to: a monitor that is down for hours would overflow a float.
    pause = min(interval * 1.5 ** min(failures, 50), longest)
    return pause * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, guards nothing
