"""Finding out what became of tasks that events leave unfinished.

Every so often it looks in the store for tasks that a worker received or started and of which nothing was heard since.
Only if there are any, somebody is asked: their workers (`query_task`), the result backend, Redis. What is found out
goes to ingest, the only writer. Nothing is asked for twice within a minute, and no round asks for more than some
tasks and workers.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flower_monitor.constants import State
from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.letterbox import Post
from flower_monitor.results import Answers, Results
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import GapRow, Unsettled, WorkerRow
from flower_monitor.truth import pods
from flower_monitor.truth.pods import Fate, PodFates
from flower_monitor.truth.verdict import LET_GO, Facts, Holder, Verdict, settle
from flower_monitor.unacknowledged import Held, look
from flower_monitor.web import due
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

logger = logging.getLogger(__name__)

INTERVAL = 15.0
"""Seconds between two looks at the store."""

MOST_TASKS = 200
"""Tasks looked into in one round: the others follow in the next ones."""

MOST_WORKERS = 50
"""Workers asked in one round. While no more than these are online, all of them are: a task may be with another."""

SCANNED = 2000
"""Unfinished tasks of each state that one round looks at in the store; the next one goes on after them."""

GAPS = 100
"""Gaps that are held against a task: the newest."""

_STATES = (State.STARTED, State.RECEIVED)


@dataclass(frozen=True)
class Situation:
    """What the store knows."""

    tasks: Sequence[Unsettled]
    workers: Mapping[str, WorkerRow]
    gaps: Sequence[GapRow]
    now: float


@dataclass(frozen=True)
class Answered:
    """What others said."""

    holders: Mapping[str, Holder]
    """Task -> who has it."""

    asked: frozenset[str]
    """Workers that were asked."""

    replied: frozenset[str]
    results: Answers
    held: Held | None
    """None: the broker does not tell, or was not asked."""


class Settling:
    """Looks into unfinished tasks.

    Args:
        store: Knows them.
        control: Asks workers, and Redis.
        results: Asks the result backend.
        post: Takes the verdicts to ingest.
        redis: The broker is a Redis, which tells what is unacknowledged.
        fates: What became of workers' pods; None: nobody tells.
        clock: Epoch seconds.
    """

    def __init__(
        self,
        store: StoreAccess,
        control: Control,
        results: Results,
        post: Post,
        *,
        redis: bool,
        fates: PodFates | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._control = control
        self._results = results
        self._post = post
        self._redis = redis
        self._fates = fates
        self._clock = clock
        self._after: dict[State, tuple[float, int]] = {}

    async def run(self) -> None:
        """Look and ask until cancelled."""
        while self._post.open:
            await asyncio.sleep(INTERVAL)
            try:
                await self.round()
            except Problem as problem:
                logger.debug("unfinished tasks: %s", problem.detail)

    async def round(self) -> list[Verdict]:
        """One look, and what came of it."""
        situation = await self._store.read(self._situation)
        if not situation.tasks:
            return []
        answered = await self._ask(situation)
        fates = None if self._fates is None else self._fates.read()
        verdicts = [judge(task, situation, answered, fates) for task in situation.tasks]
        sent = self._post.send(verdicts)
        logger.debug("%d unfinished tasks looked into, %d verdicts stored", len(verdicts), sent)
        return verdicts

    # -- looking ---------------------------------------------------------------------------------------------

    def _situation(self, reader: Reader) -> Situation:
        """Runs in a thread."""
        now = self._clock()
        workers = {worker.hostname: worker for worker in reader.workers()}
        found: list[Unsettled] = []
        for state in _STATES:
            tasks, after = reader.unsettled(state, self._after.get(state, (0.0, 0)), SCANNED)
            self._after[state] = after or (0.0, 0)
            found += tasks
        tasks = due.choose(found, workers, now, MOST_TASKS)
        return Situation(tasks, workers, reader.gaps(limit=GAPS) if tasks else [], now)

    # -- asking ----------------------------------------------------------------------------------------------

    async def _ask(self, situation: Situation) -> Answered:
        uuids = [task.uuid for task in situation.tasks]
        asked = whom(situation)
        replies, results, held = await asyncio.gather(
            self._ask_workers(uuids, asked), self._results.states(uuids), self._ask_broker(situation)
        )
        holders = {uuid: holder for hostname, reply in replies.items() for uuid, holder in _held_by(hostname, reply)}
        return Answered(holders, frozenset(asked), frozenset(replies), results, held)

    async def _ask_workers(self, uuids: Sequence[str], whom: Sequence[str]) -> Mapping[str, Any]:
        """What each worker that answered said."""
        if not whom:
            return {}
        try:
            replies = await self._control.ask({"query_task": {"ids": list(uuids)}}, whom, whom)
        except BrokerError as error:
            logger.debug("workers could not be asked for unfinished tasks: %s", error)
            return {}
        answers = {hostname: reply.get("query_task") for hostname, reply in replies.items()}
        return {hostname: answer for hostname, answer in answers.items() if _usable(answer)}

    async def _ask_broker(self, situation: Situation) -> Held | None:
        """What Redis holds unacknowledged, if that can matter: only for tasks whose worker is gone."""
        wanted = {task.uuid for task in situation.tasks if _life(task, situation)[0] not in ("same", None)}
        if not self._redis or not wanted:
            return None
        try:
            return await self._control.use(lambda connection: look(connection, wanted))
        except BrokerError as error:
            logger.debug("Redis could not be asked for unacknowledged messages: %s", error)
            return None


def whom(situation: Situation) -> list[str]:
    """Workers to ask: all that are online while they are few, else those that had the tasks."""
    online = sorted(name for name, worker in situation.workers.items() if worker.state == "online")
    if len(online) <= MOST_WORKERS:
        return online
    theirs = {task.worker for task in situation.tasks}
    return [name for name in online if name in theirs][:MOST_WORKERS]


def judge(
    task: Unsettled, situation: Situation, answered: Answered, fates: Mapping[str, Fate] | None = None
) -> Verdict:
    """The verdict on one task. Pure.

    Args:
        fates: What became of workers' pods, by host name; None: nobody tells.
    """
    worker = situation.workers.get(task.worker or "")
    life, life_evidence = _life(task, situation)
    result, result_evidence = _result(task, answered.results)
    held, held_evidence = _message(task, answered.held)
    facts = Facts(
        started=task.state == "STARTED",
        worker=task.worker,
        life=life,
        life_evidence=life_evidence,
        answered=task.worker in answered.replied if task.worker in answered.asked else None,
        let_go=task.why == LET_GO,
        holder=answered.holders.get(task.uuid),
        result=result,
        result_evidence=result_evidence,
        unacknowledged=held,
        unacknowledged_evidence=held_evidence,
        missed=due.missed(task, worker, situation.gaps, situation.now),
        fate=_fate(task, worker, fates) if life != "same" else None,
        fate_awaited=fates is not None and worker is not None and due.heard(worker) > situation.now - pods.AWAITED,
    )
    outcome, why, evidence = settle(facts)
    return Verdict(task.id, task.ts, outcome, why, evidence, situation.now)


def _fate(task: Unsettled, worker: WorkerRow | None, fates: Mapping[str, Fate] | None) -> str | None:
    if not fates or task.worker is None:
        return None
    return pods.of(fates, task.worker, due.by_our_clock(task.ts, worker))


def _life(task: Unsettled, situation: Situation) -> tuple[due.Life, str]:
    return due.life(task, situation.workers.get(task.worker or ""))


def _result(task: Unsettled, results: Answers) -> tuple[str | None, str]:
    state = results.states.get(task.uuid)
    if state is None:
        return None, results.problem or "the result backend was not asked"
    return state, "the result backend has no result of it" if state == "PENDING" else f"the result backend says {state}"


def _message(task: Unsettled, held: Held | None) -> tuple[bool | None, str]:
    if held is None:
        return None, ""
    if task.uuid in held.tasks:
        return True, "Redis holds its message as delivered and not acknowledged"
    if held.whole:
        return False, "its message is not among the unacknowledged ones of Redis"
    return None, "Redis holds more unacknowledged messages than are looked through"


def _held_by(hostname: str, reply: Mapping[str, Any]) -> list[tuple[str, Holder]]:
    """Tasks in a worker's reply to `query_task`: id -> [state, details]."""
    return [
        (uuid, Holder(hostname, str(entry[0]))) for uuid, entry in reply.items() if isinstance(entry, list) and entry
    ]


def _usable(answer: Any) -> bool:
    return isinstance(answer, dict) and set(answer) != {"error"}
