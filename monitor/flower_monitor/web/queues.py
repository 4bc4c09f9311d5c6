"""Looks at the broker's queues, shared by all who ask within a second or so.

Which queues: those of `--queues`, those that task-sent events named, and those that workers say they consume; `celery`
where there is none. Workers are asked once a minute at most, and only while somebody looks.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from flower_monitor.config import Config
from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.broker import BrokerQueues
from flower_monitor.queues.rates import MINUTES, Trend, ended
from flower_monitor.queues.records import Depths, Peeked, Source
from flower_monitor.queues.rows import Facts, QueueRow, queue_row
from flower_monitor.queues.workers import bindings, consumers, present, queues_of
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import RollupRow, WorkerRow
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.store import StoreAccess

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

FRESH = 1.0
"""Seconds for which a look is good for others who ask."""

MOST_QUEUES = 500
"""Queues in one look. Any other can be asked for by its name."""

LEFT_OUT = 30.0
"""Seconds for which a queue that RabbitMQ has not is left out: each time it is asked for, RabbitMQ logs an error."""

KNOWN_FOR = 10.0
"""Seconds for which the names that events told are kept: looking for them takes some milliseconds."""

ASK_WORKERS = 60.0
"""Seconds after which workers that are online are asked again for the queues they consume."""

WORKERS_PATIENCE = 5.0
"""Seconds that a look waits for workers' answers."""

DEFAULT_QUEUE = "celery"
"""Celery's `task_default_queue`."""


@dataclass(frozen=True)
class Look:
    """What was found."""

    at: float
    """When, epoch seconds."""

    source: Source
    items: tuple[QueueRow, ...]
    truncated: bool
    """There are more queues than this."""


@dataclass(frozen=True)
class Seen:
    """What the store knows."""

    workers: list[WorkerRow]
    ended: list[RollupRow]
    queues: list[str]
    queues_at: float


class Queues:
    """The queues of the broker.

    Args:
        config: Which queues are always shown, and which broker.
        store: Knows what events told.
        control: Talks to the broker.
        inspection: Knows what workers said.
        clock: Epoch seconds.
    """

    def __init__(
        self,
        config: Config,
        store: StoreAccess,
        control: Control,
        inspection: Inspection,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._configured = config.queues
        self._store = store
        self._broker = BrokerQueues(config, control)
        self._inspection = inspection
        self._clock = clock
        self._started = clock()
        self._trend = Trend()
        self._seen = Seen([], [], [], -KNOWN_FOR)
        self._absent: dict[str, float] = {}
        self._asked_workers = 0.0
        self._kept: dict[str | None, Look] = {}
        self._failed: tuple[float, str] | None = None
        self._running: dict[str | None, asyncio.Task[Look]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> Look:
        """All queues that are known.

        Raises:
            BrokerError: The broker did not answer.
        """
        return await self._shared(None)

    def last(self) -> Look | None:
        """The last look at all queues that are known, however old it is; None: there was none."""
        return self._kept.get(None)

    async def look_at(self, name: str) -> QueueRow | None:
        """One queue, whether or not it is known; None: the broker has none of this name.

        Raises:
            BrokerError: The broker did not answer.
        """
        kept = self._kept.get(None)
        known = kept is not None and any(row.name == name for row in kept.items)
        found = _row(await self._shared(None), name) if known else None
        # A queue that is no longer known may still be there.
        return found or _row(await self._shared(name), name)

    async def purge(self, name: str, expect: int) -> int:
        """Delete the messages that wait in a queue if they are no more than expected; how many it were.

        Raises:
            BrokerError, QueueMissing, QueueLonger: As `BrokerQueues.purge` says.
        """
        try:
            return await self._broker.purge(name, expect)
        finally:
            self._kept.clear()
            self._trend.forget(name)

    async def peek(self, name: str, limit: int) -> tuple[list[Peeked], dict[str, float]]:
        """The messages that are next, and when those were sent of whom events told.

        Raises:
            BrokerError, NotPossible, QueueMissing: As `BrokerQueues.peek` says.
        """
        found = await self._alone(lambda: self._broker.peek(name, limit))
        return found, await self._sent(message.id for message in found if message.id)

    async def managed(self, name: str) -> Depths | None:
        """What RabbitMQ's management API says of a queue; None where no `--broker-api` is set.

        Raises:
            BrokerError: It did not answer as it should.
        """
        return await self._alone(lambda: self._broker.managed([name]))

    def close(self) -> None:
        """Stop."""
        self._broker.close()

    # -- sharing -----------------------------------------------------------------------------------------------

    async def _shared(self, name: str | None) -> Look:
        """A look at one queue or at all that are known (None), the last one while it is fresh."""
        kept = self._kept.get(name)
        if kept is not None and 0 <= self._clock() - kept.at < FRESH:
            return kept
        running = self._running.get(name)
        if running is None:
            running = asyncio.create_task(self._look(name), name=f"look at queue {name or '(all)'}")
            self._running[name] = running
            running.add_done_callback(partial(self._done, name))
        # One who leaves must not take the answer away from the others.
        return await asyncio.shield(running)

    def _done(self, name: str | None, task: asyncio.Task[Look]) -> None:
        del self._running[name]
        if not task.cancelled():
            task.exception()  # whoever waited has it; all of them may have left

    async def _look(self, name: str | None) -> Look:
        found = await self._alone(lambda: self._look_now(name))
        self._keep(name, found)
        return found

    async def _alone(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask the broker, one at a time: one that hangs must not take all threads that control has.

        Who waited while it failed fails too, so that nobody waits for a time limit after another.
        """
        async with self._one_at_a_time:
            if self._failed is not None and 0 <= self._clock() - self._failed[0] < FRESH:
                raise BrokerError(self._failed[1])
            try:
                return await work()
            except BrokerError as error:
                self._failed = (self._clock(), str(error))
                raise

    def _keep(self, name: str | None, found: Look) -> None:
        now = self._clock()
        self._kept = {key: look for key, look in self._kept.items() if now - look.at < FRESH or key is None}
        self._kept[name] = found

    # -- looking -----------------------------------------------------------------------------------------------

    async def _look_now(self, name: str | None) -> Look:
        seen = await self._read_store()
        states = {worker.hostname: worker.state for worker in seen.workers}
        self._inspection.follow({worker.hostname: worker.restarts for worker in seen.workers})
        answers = self._inspection.known()
        await self._ask_workers(present(states, answers, self._clock()))
        online = present(states, answers, self._clock())
        names = self._names(seen, answers) if name is None else [name]
        asked = names[:MOST_QUEUES]
        depths = await self._broker.look(asked, bindings(answers))
        facts = await self._facts(depths, seen, consumers(answers, online))
        if name is None:
            self._remember(asked, depths, facts.now)
        rows = tuple(queue_row(depth, facts) for depth in depths.rows)
        return Look(facts.now, depths.source, rows, len(names) > len(asked))

    async def _read_store(self) -> Seen:
        now = self._clock()
        old = self._seen

        def read(reader: Reader) -> Seen:
            fresh = 0 <= now - old.queues_at < KNOWN_FOR
            found = Seen(reader.workers(), reader.rollups(MINUTES), old.queues, old.queues_at)
            return found if fresh else replace(found, queues=reader.queues(), queues_at=now)

        self._seen = await self._store.read(read)
        return self._seen

    async def _ask_workers(self, online: Sequence[str]) -> None:
        """Have workers say what they consume, if some have not lately. Never fails."""
        try:
            async with asyncio.timeout(WORKERS_PATIENCE):
                await self._inspection.complete(online)
                if self._is_old(online):
                    self._asked_workers = self._clock()
                    await self._inspection.refresh(None, online or None)
        except (BrokerError, TimeoutError) as error:
            logger.warning("workers could not be asked for their queues: %s", str(error) or "they took too long")

    def _is_old(self, online: Iterable[str]) -> bool:
        known, now = self._inspection.known(), self._clock()
        answered = [known[name]["timestamp"] for name in online if name in known]
        return bool(answered) and now - max(min(answered), self._asked_workers) >= ASK_WORKERS

    def _names(self, seen: Seen, answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
        now = self._clock()
        self._absent = {name: at for name, at in self._absent.items() if 0 <= now - at < LEFT_OUT}
        consumed = {queue["name"] for queue in queues_of(answers.values())}
        found = dict.fromkeys([*self._configured, *sorted(consumed.union(seen.queues))] or [DEFAULT_QUEUE])
        return [name for name in found if name not in self._absent]

    async def _facts(self, depths: Depths, seen: Seen, workers: Mapping[str, int] | None) -> Facts:
        now = self._clock()
        lengths = {row.name: row.ready for row in depths.rows if row.ready is not None}
        growth = {name: self._trend.growth(name, now, ready) for name, ready in lengths.items()}
        return Facts(
            now=now,
            ended=ended(seen.ended, now, self._started),
            told=frozenset(seen.queues),
            consumers=workers,
            sent=await self._sent(task for row in depths.rows for task in row.heads),
            growth={name: value for name, value in growth.items() if value is not None},
        )

    def _remember(self, asked: Iterable[str], depths: Depths, now: float) -> None:
        found = {row.name: row.ready for row in depths.rows}
        self._trend.add(now, {name: ready for name, ready in found.items() if ready is not None})
        self._absent |= {name: now for name in asked if name not in found}

    async def _sent(self, tasks: Iterable[str]) -> dict[str, float]:
        wanted = list(tasks)
        return await self._store.read(lambda reader: reader.sent(wanted)) if wanted else {}


def _row(look: Look, name: str) -> QueueRow | None:
    return next((row for row in look.items if row.name == name), None)
