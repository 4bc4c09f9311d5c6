"""Draining a worker: it takes no more tasks, and those that it has are waited for."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flower_monitor.control import Control
from flower_monitor.queues.workers import queues_of
from flower_monitor.store.reader import Reader
from flower_monitor.web.commands import PATIENCE, ask
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.outcome import NO_REPLY
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

POLL = 1.0
"""Seconds between two looks at what a worker still has."""


@dataclass(frozen=True)
class Drained:
    """What came of it."""

    queues: list[str]
    """Queues that it has stopped consuming."""

    left: int | None
    """Tasks that it still has; None: it does not say."""

    gone: bool
    """It has ended meanwhile."""


class Draining:
    """Drains workers.

    Args:
        control: Reaches them.
        store: Knows whether they are there.
        inspection: Is told what they said.
        clock: Seconds.
    """

    def __init__(
        self,
        control: Control,
        store: StoreAccess,
        inspection: Inspection,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._control = control
        self._store = store
        self._inspection = inspection
        self._clock = clock

    async def drain(self, name: str, deadline: float) -> Drained:
        """Have a worker stop consuming, and wait until it has no more tasks.

        Tasks that wait for their ETA are not waited for: the broker hands them to others when the worker ends.

        Args:
            name: Host name of the worker.
            deadline: Seconds to wait for at most.

        Raises:
            Problem: 409, it refused; 503, the broker can't be reached; 504, it is silent.
        """
        until = self._clock() + deadline
        queues = await self._stop_consuming(name, until)
        while True:
            left = await self._left(name)
            gone = left is None and await self._gone(name)
            if gone or left == 0 or self._clock() >= until:
                return Drained(queues, left, gone)
            await asyncio.sleep(min(POLL, max(0.0, until - self._clock())))

    async def _stop_consuming(self, name: str, until: float) -> list[str]:
        said = await self._ask(name, "active_queues", {}, until)
        if said is None:
            detail = f"{name} can't be told to stop consuming: {NO_REPLY}"
            raise Problem(HTTPStatus.GATEWAY_TIMEOUT, "no-reply", detail)
        queues = sorted(queue["name"] for queue in queues_of([{"active_queues": said}]))
        for queue in queues:
            await self._cancel(name, queue, until)
        if queues:
            self._inspection.learn(name, {"active_queues": []})
        return queues

    async def _cancel(self, name: str, queue: str, until: float) -> None:
        reply = await self._ask(name, "cancel_consumer", {"queue": queue}, until)
        if reply is None:
            detail = f"{name} may still consume {queue}: {NO_REPLY}"
            raise Problem(HTTPStatus.GATEWAY_TIMEOUT, "no-reply", detail)
        if isinstance(reply, dict) and "error" in reply:
            detail = f"{name} refused to stop consuming {queue}: {reply['error']}"
            raise Problem(HTTPStatus.CONFLICT, "refused-by-worker", detail)

    async def _left(self, name: str) -> int | None:
        """Tasks that it runs or has and that are due; None: it does not say."""
        # In this order: what begins to run between the two questions is told twice, and never not at all.
        commands: dict[str, dict[str, Any]] = {"reserved": {}, "active": {"safe": True}}
        replies = await ask(self._control, commands, [name], [name], PATIENCE)
        said = replies.get(name, {})
        told = [tasks for command in commands if isinstance(tasks := said.get(command), list)]
        return len({task["id"] for tasks in told for task in tasks}) if len(told) == len(commands) else None

    async def _ask(self, name: str, command: str, arguments: dict[str, Any], until: float) -> Any:
        """What a worker answers, asked again while there is time: whoever drains it waits for its tasks anyway."""
        while True:
            replies = await ask(self._control, {command: arguments}, [name], [name], PATIENCE)
            reply = replies.get(name, {}).get(command)
            if reply is not None or self._clock() >= until or await self._gone(name):
                return reply

    async def _gone(self, name: str) -> bool:
        rows = await self._store.read(Reader.workers)
        return any(row.hostname == name and row.state != "online" for row in rows)
