"""The size of workers' pools. Celery changes it by so many; here it can be said how large it should be.

The worker is asked, told the difference, and asked again until it is so. Of each worker one size is set at a time.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from flower_monitor.control import Control
from flower_monitor.web.commands import PATIENCE, ask, command
from flower_monitor.web.outcome import NO_REPLY, Outcome, outcome
from flower_monitor.web.pool_size import Pool, check, pool_of, refused
from flower_monitor.web.problems import Problem
from flower_monitor.web.shapes import PoolBody

SETTLING = 6.0
"""Seconds after which a change shows: prefork looks every 5 s for processes to start (`AsynPool.timers`), and tells
only of those that it has started. On a busy host only to the second who asks: see `Pools._settled`."""

REMEMBERED = 300.0
"""Seconds after which no change is on its way any more: for as long a command waits for a worker that is silent
(`control_queue_ttl`)."""

LOOKS = 16
"""How often the worker is asked whether it has reached its size, before the caller is told that it has not yet."""

POLL = 0.5
"""Seconds between two looks."""


def _nobody(hostname: str, answers: Mapping[str, Any]) -> None:
    """Takes what a worker said, and keeps nothing of it."""


class _Change(NamedTuple):
    """A pool was told to grow or to shrink."""

    at: float
    """When the worker had done so at the latest, by the clock; when it was told, if it was silent."""

    heard: bool
    """Whether the worker answered, so that it has done so."""


class Pools:
    """Sets and changes the sizes of pools.

    Args:
        control: Reaches the workers.
        clock: Seconds.
        told: Takes what a worker said of itself, so that others need not ask again.
    """

    def __init__(
        self,
        control: Control,
        clock: Callable[[], float] = time.monotonic,
        told: Callable[[str, Mapping[str, Any]], None] = _nobody,
    ) -> None:
        self._control = control
        self._clock = clock
        self._told = told
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._changed: dict[str, _Change] = {}

    async def change(self, name: str, verb: str, n: int) -> Outcome:
        """Celery's `pool_grow` and `pool_shrink`, by so many.

        Raises:
            Problem: 503, the broker can't be reached.
        """
        found = await command(self._control, name, verb, {"n": n})
        now = self._clock()
        self._changed = {worker: one for worker, one in self._changed.items() if now - one.at < REMEMBERED}
        if found.acknowledged or found.silent:
            self._changed[name] = _Change(now, heard=not found.silent)
        return found

    async def resize(self, name: str, wanted: int, expect: int | None) -> PoolBody:
        """Set the size of a worker's pool.

        Args:
            name: Host name of the worker.
            wanted: The size.
            expect: The size that it has to have before; None: any.

        Raises:
            Problem: 409, it has another size or the worker refuses; 422, its pool can't; 503; 504, it is silent.
        """
        async with self._locks.setdefault(name, asyncio.Lock()):
            await self._settled(name)
            before = await self.look(name)
            check(name, before, expect)
            after = before if before.size == wanted else await self._step(name, before, wanted)
        return PoolBody(worker=name, pool=before.kind, before=before.size, concurrency=after.size, wanted=wanted)

    async def _settled(self, name: str) -> None:
        """What was changed a moment ago does not show yet, and would be done twice.

        A worker that got no CPU meanwhile finds both at once, its timer that starts processes and our question, and
        answers first. The next question comes with another turn of its loop, which begins with the timers.
        """
        change = self._changed.get(name)
        if change is None:
            return
        if not change.heard:
            await self.look(name)  # it does one after the other: with this answer it has done that too
            change = self._changed[name] = _Change(self._clock(), heard=True)
        await asyncio.sleep(max(0.0, change.at + SETTLING - self._clock()))
        await self.look(name)
        if self._changed.get(name) is change:
            del self._changed[name]

    async def _step(self, name: str, before: Pool, wanted: int) -> Pool:
        step = wanted - before.size
        found = await self.change(name, "pool_grow" if step > 0 else "pool_shrink", abs(step))
        if found.silent:
            raise _silent(name)
        reason = found.reason(name)
        if reason is not None:
            raise refused(name, before, await self.look(name), reason)
        return await self._reached(name, wanted)

    async def _reached(self, name: str, wanted: int) -> Pool:
        for _ in range(LOOKS):
            now = await self.look(name)
            if now.size == wanted:
                self._changed.pop(name, None)
                break
            await asyncio.sleep(POLL)
        return now

    async def look(self, name: str) -> Pool:
        """The pool of a worker, as it says itself.

        Raises:
            Problem: 503, the broker can't be reached; 504, the worker is silent.
        """
        found = outcome("stats", await ask(self._control, {"stats": {}}, [name], [name], PATIENCE), [name])
        if found.silent:
            raise _silent(name)
        stats = found.value(name)
        self._told(name, {"stats": stats})
        return pool_of(stats)


def _silent(name: str) -> Problem:
    detail = f"The size of {name}'s pool is not known: {NO_REPLY}"
    return Problem(HTTPStatus.GATEWAY_TIMEOUT, "no-reply", detail)
