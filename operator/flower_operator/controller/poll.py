"""Asks monitors for their summary: one scheduler, few at a time, and only a changed answer wakes a key."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import aiohttp
import msgspec

from flower_operator.answers import beginning
from flower_operator.exceptions import Unanswered
from flower_operator.spec import Key
from flower_operator.untrusted import decode

from . import busy, observation
from .observation import Observation
from .queue import WorkQueue

logger = logging.getLogger(__name__)

CONCURRENCY = 16
"""Monitors that are asked at the same time."""

TIMEOUT = 5.0
"""Seconds for one answer; a monitor gives it in milliseconds."""

FIRST_TRIES = 5
"""Tries of a monitor that has not answered yet, or not where it has moved to, before its silence counts: for a second
or so after its pod became ready, kube-proxy may not have programmed its Service, and nobody must call the monitor
ready for that."""

FIRST_PAUSE = 1.0
"""Seconds between those tries."""

MAX_BYTES = 1 << 20
"""Largest summary that is read; ours are a few KB."""

MAX_WORKERS_BYTES = 8 << 20
"""Largest list of workers that is read: some 15,000 of them."""

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Target:
    """Where to ask. Without a repr: it holds a token."""

    url: str
    token: str
    workers: bool = False
    """Whether to ask what its workers run, too."""


Ask: TypeAlias = Callable[[Target], Awaitable[Observation]]


class Poller:
    """Knows the last answer of each monitor that runs."""

    def __init__(self, ask: Ask, queue: WorkQueue[Key], interval: float, changed: Callable[[Key], None]) -> None:
        self._ask = ask
        self._queue = queue
        self._interval = interval
        self._changed = changed
        self._targets: dict[Key, Target] = {}
        self._answers: dict[Key, Observation] = {}
        self._known: dict[Key, Observation | None] = {}
        self._tries: dict[Key, int] = {}
        self._counts: dict[Key, Target] = {}
        """Where a monitor's silence counts at once."""

    def follow(self, key: Key, target: Target, known: Observation | None = None) -> None:
        """Ask this monitor from now on, at once if it is new or has moved. The first answer wakes its key unless it is
        the one that is `known`: so a start does not reconcile everything twice.

        What one that has moved said holds until it answers there: only the port of its Service is another one (what
        else may be new starts its pod anew, which drops it), and by that it has not lost its broker.
        """
        if self._targets.get(key) != target:
            self._targets[key] = target
            self._known[key] = known
            self._tries.pop(key, None)
            self._queue.add(key)

    def drop(self, key: Key) -> None:
        """Stop asking, and forget what it said: after a stop everything may be different."""
        self._targets.pop(key, None)
        self._answers.pop(key, None)
        self._known.pop(key, None)
        self._tries.pop(key, None)
        self._counts.pop(key, None)

    def answer(self, key: Key) -> Observation | None:
        """What it said last; None until it has answered, or FIRST_TRIES of ours have failed, since `drop`."""
        return self._answers.get(key)

    def close(self) -> None:
        """Ask nobody any more; `run` then ends."""
        self._queue.close()

    async def run(self) -> None:
        """Ask until closed."""
        async with asyncio.TaskGroup() as group:
            for number in range(CONCURRENCY):
                group.create_task(self._worker(), name=f"poll-{number}")

    async def _worker(self) -> None:
        while (key := await self._queue.take()) is not None:
            try:
                await self._poll(key)
            finally:
                self._queue.done(key)

    async def _poll(self, key: Key) -> None:
        target = self._targets.get(key)
        if target is None:
            return
        answer = await self._ask(target)
        if self._targets.get(key) != target:
            return
        if self._too_early(key, target, answer):
            self._queue.add(key, FIRST_PAUSE)
            return
        self._queue.add(key, self._interval * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load, no secret
        before = self._answers.get(key, self._known.get(key))
        self._answers[key] = answer
        self._counts[key] = target
        if before != answer:
            self._changed(key)

    def _too_early(self, key: Key, target: Target, answer: Observation) -> bool:
        """Whether this failure is one of the first tries of a monitor that never answered there."""
        if answer.error is None or self._counts.get(key) == target:
            return False
        self._tries[key] = self._tries.get(key, 0) + 1
        return self._tries[key] < FIRST_TRIES


class HttpAsk:
    """Asks over HTTP with the fleet token."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, target: Target) -> Observation:
        """Ask once; whatever goes wrong is an answer too."""
        try:
            summary = await self._read(target, "summary", MAX_BYTES, dict)
        except Unanswered as error:
            return Observation(error=str(error))
        found, now = observation.parse(summary), observation.clock(summary)
        # What was heard before the broker went away is old.
        if not target.workers or now is None or found.broker_state != "connected":
            return found
        try:
            told = await self._read(target, "workers", MAX_WORKERS_BYTES, busy.Workers)
        except Unanswered as error:
            return replace(found, unread=str(error))
        return replace(found, active=busy.by_host(told.items, now))

    async def _read(self, target: Target, what: str, most: int, kind: type[T]) -> T:
        headers = {"Authorization": f"Bearer {target.token}"}
        url = f"{target.url}/api/v1/{what}"
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            async with self._session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:
                    raise Unanswered(f"it answers with HTTP status {response.status}")
                return decode(await beginning(response, most), kind)
        except TimeoutError as error:
            raise Unanswered(f"no answer in {TIMEOUT:.0f} s") from error
        except aiohttp.ClientConnectorError as error:
            raise Unanswered(f"no connection ({error.os_error.strerror or 'name not found'})") from error
        except (aiohttp.ClientError, msgspec.DecodeError) as error:
            raise Unanswered(f"no usable answer ({type(error).__name__})") from error
