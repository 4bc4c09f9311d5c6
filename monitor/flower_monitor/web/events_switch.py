"""Turning task events on where they are off, and saying so.

A worker without `-E` sends heartbeats but nothing about its tasks. It can be told to, by a command that
workers that do already just ignore. Whether one does can't be seen while it has no tasks, so each one of
which no task event was seen is told: at once when it appears, again some seconds later, because a worker says that
it is online before it listens, then less and less often until it is once a minute.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Notice, WorkerRow
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

logger = logging.getLogger(__name__)

LOOK_INTERVAL = 2.0
"""Seconds between two looks at the workers: as often as they send heartbeats."""

ASK_AGAIN = 60.0
"""Seconds after which a worker is told again at the latest: the command is not acknowledged, and may have been lost."""

ASK_SOON = 4.0
"""Seconds after which it is told for the second time. Celery's mingle alone takes one from worker-online on."""

NAMES_SHOWN = 5
"""Workers that a notice names; it counts the others."""

FIX = "start the worker with -E, or set worker_send_task_events = True in its app"


@dataclass(frozen=True)
class Asked:
    """A worker that was told to send task events."""

    process: tuple[int | None, int]
    at: float
    processed: int
    """Tasks it had accepted when it was first told."""

    times: int = 1
    """How often it was told."""


class EventsSwitch:
    """Tells workers to send task events.

    Args:
        store: Knows the workers.
        control: Reaches them; used only while there is somebody to tell.
        enabled: Option `enable_events`; without it, workers without events are only reported.
        clock: Seconds.
    """

    def __init__(
        self, store: StoreAccess, control: Control, enabled: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._control = control
        self._enabled = enabled
        self._clock = clock
        self._asked: dict[str, Asked] = {}
        self._retry_at = 0.0
        self._notices: tuple[Notice, ...] = ()

    def notices(self) -> Sequence[Notice]:
        """What there is to say of workers' events."""
        return self._notices

    async def run(self) -> None:
        """Look and tell until cancelled."""
        while True:
            try:
                await self.round(await self._store.read(Reader.workers))
            except Problem as problem:
                logger.debug("events of workers: %s", problem.detail)
            await asyncio.sleep(LOOK_INTERVAL)

    async def round(self, workers: Iterable[WorkerRow]) -> None:
        """One look at the workers."""
        online = [worker for worker in workers if worker.state == "online"]
        self._asked = {worker.hostname: asked for worker in online if (asked := self._asked.get(worker.hostname))}
        due = [worker for worker in online if self._is_due(worker)]
        if due and self._enabled and self._clock() >= self._retry_at:
            await self._tell(due)
        self._notices = tuple(find_notices(online, self._asked, self._enabled))

    def _is_due(self, worker: WorkerRow) -> bool:
        if worker.task_events:
            return False
        asked = self._asked.get(worker.hostname)
        if asked is None or asked.process != _process(worker):
            return True
        return self._clock() - asked.at >= min(ASK_SOON * (1 << asked.times - 1), ASK_AGAIN)

    async def _tell(self, workers: Sequence[WorkerRow]) -> None:
        names = sorted(worker.hostname for worker in workers)
        try:
            await self._control.tell("enable_events", names)
        except BrokerError as error:
            self._retry_at = self._clock() + ASK_AGAIN / 4
            logger.warning("cannot ask for task events of %s: %s", ", ".join(names), error)
            return
        self._report(names)
        now = self._clock()
        for worker in workers:
            before = self._asked.get(worker.hostname)
            if before is None or before.process != _process(worker):
                self._asked[worker.hostname] = Asked(_process(worker), now, worker.processed or 0)
            else:
                self._asked[worker.hostname] = replace(before, at=now, times=before.times + 1)

    def _report(self, names: Sequence[str]) -> None:
        """Say it once a worker; the repetitions are for the curious."""
        new = [name for name in names if name not in self._asked]
        if new:
            logger.info("asked for task events, since none were seen: %s", ", ".join(new))
        else:
            logger.debug("asked for task events again: %s", ", ".join(names))


def _process(worker: WorkerRow) -> tuple[int | None, int]:
    """Tells a worker's process from the one before: in a container both have one pid."""
    return worker.pid, worker.restarts


def find_notices(online: Sequence[WorkerRow], asked: dict[str, Asked], enabled: bool) -> Iterable[Notice]:
    """What there is to say of the workers that are online. Pure."""
    switched = [worker.hostname for worker in online if worker.task_events and worker.hostname in asked]
    if switched:
        yield Notice(
            "events-enabled",
            "info",
            f"No task event of {_names(switched)} had been seen, so the monitor asked for them; they arrive now.",
            f"If they were off until then, earlier tasks are missing: {FIX}.",
        )
    silent = [worker.hostname for worker in online if _is_silent(worker, asked.get(worker.hostname), enabled)]
    if silent:
        remedy = "" if enabled else ", or run the monitor with --enable-events"
        yield Notice(
            "events-disabled",
            "warning",
            f"Tasks run on {_names(silent)} without sending events, so they are missing here.",
            f"{FIX[0].upper()}{FIX[1:]}{remedy}.",
        )


def _is_silent(worker: WorkerRow, asked: Asked | None, enabled: bool) -> bool:
    """Whether a worker has accepted tasks of which it should have sent events."""
    if worker.task_events or (enabled and asked is None):
        return False
    return (worker.processed or 0) > (asked.processed if asked else 0)


def _names(hostnames: Sequence[str]) -> str:
    shown = ", ".join(sorted(hostnames)[:NAMES_SHOWN])
    more = len(hostnames) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
