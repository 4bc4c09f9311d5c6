"""Waiting for the ends of tasks: one look after the other for all who wait, and no thread for each of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from flower_monitor.exceptions import BackendError
from flower_monitor.publish.outcome import Outcome

FASTEST = 0.05
"""Seconds between two looks at a task that was just sent."""

SLOWEST = 1.0
"""Seconds between two looks at one that takes long: in between, a tenth of the time that it was waited for."""

GRACE = 10.0
"""Seconds that the backend may be away without those who wait being told."""


class Waiting:
    """All who wait.

    Args:
        read: Asks for some tasks. What it leaves out for want of time is asked for again, first.
    """

    def __init__(self, read: Callable[[Sequence[str]], Awaitable[Mapping[str, Outcome]]]) -> None:
        self._read = read
        self._waits: set[_Wait] = set()
        self._changed = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def end(self, uuid: str, patience: float) -> Outcome:
        """What came of a task: its end, or what it was last, when that takes longer than `patience` seconds.

        Its first look is waited for however short the patience is, up to `GRACE`: nobody is told that a task is
        pending because the backend was slower than they.

        Raises:
            BackendError: It could not be asked for, for a while or at all.
        """
        wait = _Wait(uuid, asyncio.get_running_loop().time())
        self._waits.add(wait)
        self._changed.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again_and_again(), name="results waited for")
        try:
            async with asyncio.timeout(patience):
                return await wait.ended
        except TimeoutError:
            return await wait.known()
        finally:
            self._waits.discard(wait)

    def close(self) -> None:
        """Look no more: who still waits does so in vain."""
        if self._looking is not None:
            self._looking.cancel()

    async def _look_again_and_again(self) -> None:
        while self._waits:
            self._changed.clear()
            now = asyncio.get_running_loop().time()
            due = sorted((wait for wait in self._waits if wait.due <= now), key=lambda wait: wait.due)
            if due:
                await self._look(due)
            await self._pause()

    async def _look(self, due: list["_Wait"]) -> None:
        clock = asyncio.get_running_loop().time
        try:
            found = await self._read(list(dict.fromkeys(wait.uuid for wait in due)))
        except BackendError as error:
            for wait in due:
                wait.failed(error, clock())
            return
        for wait in due:
            if wait.uuid in found:
                wait.seen(found[wait.uuid], clock())

    async def _pause(self) -> None:
        """Until the next is due, or somebody new waits."""
        now = asyncio.get_running_loop().time()
        nearest = min((wait.due for wait in self._waits), default=now)
        try:
            async with asyncio.timeout(max(0.0, nearest - now)):
                await self._changed.wait()
        except TimeoutError:
            return


class _Wait:
    """One who waits."""

    def __init__(self, uuid: str, now: float) -> None:
        self.uuid = uuid
        self.ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.due = now
        self._since = self._healthy = now
        self._last: Outcome | BackendError = BackendError(f"the result backend has not answered within {GRACE:g} s")
        self._looked = asyncio.Event()

    async def known(self) -> Outcome:
        """What was seen last; its first look is waited for.

        Raises:
            BackendError: Each look failed, or the first takes too long.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._looked.wait()
        if isinstance(self._last, BackendError):
            raise self._last
        return self._last

    def seen(self, outcome: Outcome, now: float) -> None:
        self._last = outcome
        self._looked.set()
        self._healthy = now
        self.due = now + min(SLOWEST, max(FASTEST, (now - self._since) / 10))
        if outcome.ready and not self.ended.done():
            self.ended.set_result(outcome)

    def failed(self, error: BackendError, now: float) -> None:
        self.due = now + SLOWEST
        if isinstance(self._last, BackendError):
            self._last = error
        self._looked.set()
        if now - self._healthy > GRACE and not self.ended.done():
            self.ended.set_exception(error)
