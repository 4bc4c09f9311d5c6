"""Asking Celery's result backend how tasks ended. It only ever reads, and only what it is asked for.

It has an app and a thread of its own: a backend that hangs holds up no command to workers.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, NamedTuple

from flower_monitor import result_backend
from flower_monitor.config import Config

#: Seconds after which no further task is asked for: the rest is asked next time.
BUDGET = 5.0

#: Seconds after which a caller is told that the backend is too slow.
DEADLINE = 15.0


class Answers(NamedTuple):
    """What the backend said."""

    states: dict[str, str]
    """Task -> state; PENDING: the backend has nothing of it."""

    problem: str | None
    """Why some or all were not answered."""


class Results:
    """Reads the states of tasks from the result backend, where there is one."""

    def __init__(self, config: Config) -> None:
        self._url = config.result_backend
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="results")

    @property
    def problem(self) -> str | None:
        """Why there is nobody to ask; None: there is."""
        if not self._url:
            return "no result backend is configured"
        if result_backend.scheme(self._url) in result_backend.PRIVATE:
            return "results by rpc:// are for the client that sent the task alone"
        return None

    async def states(self, uuids: Sequence[str]) -> Answers:
        """The states of some tasks. Never fails: what goes wrong is part of the answer."""
        if self.problem is not None:
            return Answers({}, self.problem)
        try:
            async with asyncio.timeout(DEADLINE):
                return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, list(uuids))
        except TimeoutError:
            return Answers({}, "the result backend did not answer in time")

    def close(self) -> None:
        """Stop; what is under way ends by its own time limits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _backend(self) -> Any:
        return result_backend.connect(self._url or "")

    def _ask(self, uuids: list[str]) -> Answers:
        states: dict[str, str] = {}
        until = time.monotonic() + BUDGET
        try:
            for uuid in uuids:
                if time.monotonic() > until:
                    return Answers(states, "the result backend was too slow to be asked for it this time")
                states[uuid] = str(self._backend.get_task_meta(uuid, cache=False)["status"])
        except Exception as error:
            # Each backend has errors of its own library, and one of them must not stop the settling.
            return Answers(states, f"the result backend can't be read: {result_backend.words(self._url or '', error)}")
        return Answers(states, None)
