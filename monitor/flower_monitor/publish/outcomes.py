"""The result backend, asked within a time limit: for one task, or until it has ended."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from flower_monitor.exceptions import BackendError
from flower_monitor.publish.outcome import Outcome
from flower_monitor.publish.replies import Replies
from flower_monitor.publish.stored import Stored
from flower_monitor.publish.waiting import Waiting

Answer = TypeVar("Answer")

THREADS = 2
"""Questions under way at the same time. Those who wait for an end have one further thread, all together."""

DEADLINE = 10.0
"""Seconds after which a caller is told that the backend is too slow."""

BUDGET = 2.0
"""Seconds after which of all who wait no further is asked for: the rest is next."""


class Outcomes:
    """What came of tasks.

    Args:
        source: Where results are; None: nowhere, and every question is a BackendError.
    """

    def __init__(self, source: Stored | Replies | None) -> None:
        self._source = source
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="outcomes")
        self._waiting_pool = ThreadPoolExecutor(1, thread_name_prefix="outcomes-waited-for")
        self._waiting = Waiting(self._read_many)

    @property
    def configured(self) -> bool:
        """Whether there is a result backend."""
        return self._source is not None

    async def read(self, uuid: str) -> Outcome:
        """What the backend has of a task now.

        Raises:
            BackendError: There is none, or it does not answer in time.
        """
        return await self._run(self._pool, partial(self._known.read, uuid))

    async def end(self, uuid: str, patience: float) -> Outcome:
        """What came of a task, once it has ended; what it is now, when that takes longer than `patience`, in seconds.

        Raises:
            BackendError: There is none, or it has not answered for a while.
        """
        return await self._waiting.end(uuid, patience) if patience > 0 else await self.read(uuid)

    async def abort(self, uuid: str) -> Outcome:
        """Tell a task to abort; what it is then. Only tasks of `celery.contrib.abortable` look for it.

        Raises:
            BackendError: There is no backend that tasks read, or it does not answer in time.
        """
        if isinstance(self._known, Replies):
            raise BackendError("rpc:// has nothing that a task could read: it can't be told to abort")
        return await self._run(self._pool, partial(self._known.abort, uuid))

    def close(self) -> None:
        """Stop; what is under way ends by its own time limits."""
        self._waiting.close()
        if self._source is not None:
            self._source.close()
        for pool in (self._pool, self._waiting_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def _known(self) -> Stored | Replies:
        if self._source is None:
            raise BackendError("no result backend is configured: set --result-backend")
        return self._source

    async def _read_many(self, uuids: Sequence[str]) -> Mapping[str, Outcome]:
        return await self._run(self._waiting_pool, partial(_read_many, self._known, uuids))

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        try:
            async with asyncio.timeout(DEADLINE):
                return await asyncio.get_running_loop().run_in_executor(pool, work)
        except TimeoutError as error:
            raise BackendError(f"the result backend did not answer within {DEADLINE:.0f} s") from error


def _read_many(source: Stored | Replies, uuids: Sequence[str]) -> dict[str, Outcome]:
    """Of some tasks those that there was time for, the first at least."""
    until = time.monotonic() + BUDGET
    found: dict[str, Outcome] = {}
    for uuid in uuids:
        found[uuid] = source.read(uuid)
        if time.monotonic() > until:
            break
    return found
