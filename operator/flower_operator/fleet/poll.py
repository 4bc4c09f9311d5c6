"""Asks every monitor for its summary, again and again. The only module that talks to monitors.

Each monitor has a small task of its own, so that a slow one delays nobody; a semaphore bounds how many ask at a time.
"""

import asyncio
import logging
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import msgspec

from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.summary import decode_summary
from flower_operator.spec import Key

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two questions to one monitor; a fifth of it is jitter."""
MAX_INTERVAL = 15.0
"""Longest pause after failures. Short: a monitor that is back should be seen at once."""
TIMEOUT = 3.0
"""Seconds that one answer may take, name look-up and connection included."""
CONCURRENCY = 100
"""Questions under way at a time: 1,000 dead monitors (3 s each, every 15 s) need no more than 170."""
MAX_BODY = 1 << 20
"""Bytes of an answer; ours has about 6,000. A monitor's image may be anybody's."""


class PollError(Exception):
    """A monitor could not be asked; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where and as whom to ask."""

    url: str
    token: str


Fetch = Callable[[Target], Awaitable[bytes]]
"""Gets the body of a summary; raises PollError."""
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
        target = await self._aim(monitor)
        try:
            body = await self._fetch(target)
            summary = decode_summary(body)
        except PollError as error:
            return self._note_failure(monitor.key, str(error))
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


@asynccontextmanager
async def http_fetch(patience: float = TIMEOUT) -> AsyncIterator[Fetch]:
    """A Fetch over HTTP. No proxy of the environment, no cookies, no redirects: the token goes to the monitor alone."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONCURRENCY),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=patience),
        trust_env=False,
    ) as session:

        async def fetch(target: Target) -> bytes:
            try:
                return await _get(session, target)
            except TimeoutError:
                raise PollError(f"{target.url} did not answer within {patience:g} s.") from None
            except aiohttp.ClientConnectorDNSError as error:
                raise PollError(f"{target.url}: no such host; is the monitor's Service there?") from error
            except aiohttp.ClientConnectorError as error:
                raise PollError(f"{target.url} can't be reached: {_reason(error.os_error)}.") from error
            except aiohttp.ClientError as error:
                raise PollError(f"{target.url}: {str(error) or type(error).__name__}.") from error

        yield fetch


def _reason(error: OSError) -> str:
    # asyncio replaces the text of the error by one that lacks the reason; the number is left.
    return os.strerror(error.errno) if error.errno else str(error)


async def _get(session: aiohttp.ClientSession, target: Target) -> bytes:
    headers = {"Authorization": f"Bearer {target.token}", "Accept": "application/json"}
    async with session.get(target.url, headers=headers, allow_redirects=False) as response:
        if response.status in (401, 403):
            raise PollError(
                f"{target.url} does not accept the fleet's token (HTTP {response.status}): it was started with another"
                " key than that in Secret flower-operator-fleet. Restart the controller, which puts that right."
            )
        if response.status != 200:
            raise PollError(f"{target.url} answered HTTP {response.status}.")
        body = await response.content.read(MAX_BODY + 1)
        while len(body) <= MAX_BODY and (more := await response.content.read(MAX_BODY + 1 - len(body))):
            body += more
    if len(body) > MAX_BODY:
        raise PollError(f"{target.url} answered more than {MAX_BODY} bytes.")
    return body
