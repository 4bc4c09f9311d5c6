"""What workers say of themselves when asked: kept, with its age, and shared by all who want it.

A broadcast makes every worker of the broker answer, so it is rare: on demand only, one at a time for all who
ask at the same time, and not repeated for a worker that did not answer.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from flower_monitor.control import PATIENCE, Control, Replies
from flower_monitor.exceptions import BrokerError
from flower_monitor.web.outcome import NO_REPLY

logger = logging.getLogger(__name__)

OVERVIEW: Mapping[str, Mapping[str, Any]] = {
    "stats": {},
    "active_queues": {},
    "registered": {"taskinfoitems": ()},
    "conf": {"with_defaults": False},
}
"""Commands whose answers stay small: what Flower 2.2.0 asks all workers."""

DETAILS: Mapping[str, Mapping[str, Any]] = {
    **OVERVIEW,
    "scheduled": {},
    "active": {"safe": True},
    "reserved": {},
    "revoked": {},
}
"""What it asks one worker: lists of tasks can be long."""

ASK_AGAIN = 30.0
"""Seconds after which a worker that has not answered is asked again, when somebody wants to see it."""

FORGOTTEN = 86400.0
"""Seconds after which what a worker has said is given up: as long as the store keeps one that is offline."""


class Inspection:
    """The answers of workers to inspect commands.

    Args:
        control: Asks the workers.
        clock: Epoch seconds.
        patience: Seconds to wait for their answers.
    """

    def __init__(self, control: Control, clock: Callable[[], float] = time.time, patience: float = PATIENCE) -> None:
        self._control = control
        self._patience = patience
        self._clock = clock
        self._known: dict[str, dict[str, Any]] = {}
        self._at: dict[str, dict[str, float]] = {}
        self._looked: dict[str, tuple[float, str | None]] = {}
        self._asked: dict[str, float] = {}
        self._asked_all_at: float | None = None
        self._running: dict[str | None, asyncio.Task[None]] = {}
        self._restarts: Mapping[str, int] = {}

    def known(self) -> Mapping[str, Mapping[str, Any]]:
        """By host name: each command's last answer, and `timestamp`, when the last one came."""
        return self._known

    def answers(self, hostname: str) -> dict[str, tuple[float, Any]]:
        """Of one worker: each command's last answer, and when it came."""
        known, at = self._known.get(hostname, {}), self._at.get(hostname, {})
        return {command: (when, known[command]) for command, when in at.items()}

    def learn(self, hostname: str, answers: Mapping[str, Any]) -> None:
        """Take what a worker that is known has answered to somebody else; the rest of it is as old as it was."""
        if hostname in self._known:
            self._known[hostname].update(answers)
            self._at[hostname].update(dict.fromkeys(answers, self._clock()))

    def follow(self, restarts: Mapping[str, int]) -> None:
        """Give up what workers said whose process is another one since the last call: it may consume other queues.

        Args:
            restarts: Host name -> how often another process took it, of the workers that events told of.
        """
        for hostname in [name for name, count in self._restarts.items() if restarts.get(name, count) != count]:
            self._known.pop(hostname, None)
            self._at.pop(hostname, None)
        self._restarts = restarts

    async def look(self, hostname: str, max_age: float) -> str | None:
        """Ask one worker everything, unless that was done lately. Never fails.

        Args:
            hostname: The worker.
            max_age: Seconds for which what came of it the last time will do.

        Returns:
            Why not all was answered; None: it was.
        """
        at, problem = self._looked.get(hostname, (-math.inf, None))
        if self._clock() - at < max_age:
            return problem
        with suppress(BrokerError):  # which is what `_looked` then says
            await self.refresh(hostname, None)
        return self._looked[hostname][1]

    async def refresh(self, workername: str | None, online: Collection[str] | None) -> None:
        """Ask one worker everything, or all of them the overview.

        Args:
            workername: The one; None: all.
            online: Those that are online, to stop waiting soon after they have answered; None: not known.

        Raises:
            BrokerError: They could not be asked.
        """
        running = self._running.get(workername)
        if running is None:
            running = asyncio.create_task(self._ask(workername, online), name=f"inspect {workername or 'all'}")
            self._running[workername] = running
            running.add_done_callback(partial(self._done, workername))
        # One who leaves must not take the answer away from the others.
        await asyncio.shield(running)

    def _done(self, workername: str | None, task: asyncio.Task[None]) -> None:
        del self._running[workername]
        if not task.cancelled():
            task.exception()  # whoever waited has it; all of them may have left

    async def complete(self, online: Iterable[str]) -> None:
        """Ask, if one of these workers has never answered and was not asked lately. Never fails.

        Workers that send no heartbeats are known to nobody before they are asked, so somebody has to ask once,
        and again while nobody has answered.
        """
        now = self._clock()
        names = list(online)
        missing = [name for name in names if name not in self._known and now - self._asked.get(name, 0) >= ASK_AGAIN]
        blind = not self._known and (self._asked_all_at is None or now - self._asked_all_at >= ASK_AGAIN)
        if not missing and not blind:
            return
        self._asked |= dict.fromkeys(missing, now)
        self._asked_all_at = now
        try:
            await self.refresh(None, names or None)
        except BrokerError as error:
            logger.warning("workers could not be asked for their details: %s", error)

    async def _ask(self, workername: str | None, online: Collection[str] | None) -> None:
        start = self._clock()
        if workername is None:
            self._keep_all(await self._control.ask(OVERVIEW, None, online, self._patience))
            return
        try:
            self._keep_all(await self._control.ask(DETAILS, [workername], online, self._patience))
        except BrokerError as error:
            self._looked[workername] = start, f"it could not be asked: {error}"
            raise
        self._looked[workername] = start, self._missing(workername, start)

    def _missing(self, hostname: str, start: float) -> str | None:
        """What a worker was asked and has not answered, in words; None: nothing."""
        at = self._at.get(hostname, {})
        missing = [command for command in DETAILS if at.get(command, -math.inf) < start]
        if len(missing) == len(DETAILS):
            return NO_REPLY
        return f"no answer to {', '.join(missing)}" if missing else None

    def _keep_all(self, replies: Replies) -> None:
        for hostname, answers in replies.items():
            self._keep(hostname, answers)
        self._forget(self._clock() - FORGOTTEN)

    def _forget(self, before: float) -> None:
        """Workers come and go, and each new pod has a name of its own."""
        for hostname in [name for name, kept in self._known.items() if kept["timestamp"] < before]:
            del self._known[hostname], self._at[hostname]
        self._looked = {name: look for name, look in self._looked.items() if look[0] >= before}
        self._asked = {name: at for name, at in self._asked.items() if at >= before}

    def _keep(self, hostname: str, answers: Mapping[str, Any]) -> None:
        usable = {command: answer for command, answer in answers.items() if not _is_error(answer)}
        if not usable:
            return
        if isinstance(usable.get("stats"), dict):
            # Other brokers' addresses, with their passwords (mher/flower#1512).
            usable["stats"].get("broker", {}).pop("alternates", None)
        kept = self._known.setdefault(hostname, {})
        kept.update(usable)
        kept["timestamp"] = now = self._clock()
        self._at.setdefault(hostname, {}).update(dict.fromkeys(usable, now))


def _is_error(answer: Any) -> bool:
    return answer is None or (isinstance(answer, dict) and set(answer) == {"error"})
