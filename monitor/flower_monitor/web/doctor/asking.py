"""What can only be known by asking: the broker by the way of commands, the result backend, the management API.

Each has a time limit here, beside those that they have themselves: one that hangs must not hide what the others say.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.receive.feed import queue_name
from flower_monitor.results import Results
from flower_monitor.web.doctor import waiting, workers
from flower_monitor.web.doctor.check import Check, Subject, count, sentence
from flower_monitor.web.doctor.facts import Facts
from flower_monitor.web.queues import Queues

COMMANDS = Subject("commands", "Commands")
RESULTS = Subject("results", "Result backend")
MANAGEMENT = Subject("management", "Management API")

LIMIT = 10.0
"""Seconds that one check may take. Connections of ours give up after 4 to 5, and reading one task's result too."""

PING: Mapping[str, Mapping[str, Any]] = {"ping": {}}
"""The smallest command that workers answer."""


NOBODY = "nobody"
"""No worker's name: these have an `@`."""


async def limited(subject: Subject, fix: str, work: Callable[[], Awaitable[Check]], limit: float) -> Check:
    """A check, or that there was no answer in time."""
    try:
        async with asyncio.timeout(limit):
            return await work()
    except TimeoutError:
        return subject.failed(f"No answer within {limit:.0f} s.", fix)


class Asking:
    """Asks.

    Args:
        control: The broker, and its workers.
        results: The result backend.
        queues: What waits in the broker, and the management API.
    """

    def __init__(self, control: Control, results: Results, queues: Queues) -> None:
        self._control = control
        self._results = results
        self._queues = queues

    async def workers(self, facts: Facts) -> Check:
        """Who is there. Workers are asked only where events tell of none: a ping makes each of them answer."""
        answering: list[str] = []
        if not facts.online:
            try:
                answering = sorted(await self._control.ask(PING, None, None, self._control.at_least))
            except BrokerError as error:
                return workers.WORKERS.failed(sentence(f"None is online, and none can be asked: {error}"), BROKER_FIX)
        return workers.workers(facts, answering)

    async def commands(self) -> Check:
        """Whether the broker takes a command: one for nobody, which all workers hear and none answers.

        That a connection can be opened tells little: a Redis that is full, a RabbitMQ with an alarm and missing rights
        let in who can't say anything.
        """
        try:
            await self._control.ask(PING, [NOBODY], None, patience=0)
        except BrokerError as error:
            return COMMANDS.failed(sentence(f"Workers can't be told anything: {error}"), COMMANDS_FIX)
        return COMMANDS.ok("The broker takes commands to workers.")

    async def results(self) -> Check:
        """Whether the result backend answers, by asking for a task that nobody has."""
        if self._results.problem is not None:
            return RESULTS.skipped(sentence(self._results.problem), RESULTS_FIX)
        problem = (await self._results.states([str(uuid4())])).problem
        if problem is not None:
            return RESULTS.failed(sentence(problem), RESULTS_FIX)
        return RESULTS.ok("It answers.")

    async def waiting(self) -> Check:
        """Whether all that waits in the broker is taken, by the look that the page of queues shares."""
        try:
            return waiting.queues((await self._queues.look()).items)
        except BrokerError as error:
            return waiting.QUEUES.failed(sentence(f"They can't be read: {error}"), BROKER_FIX)

    async def management(self, facts: Facts) -> Check:
        """Whether RabbitMQ's management API answers, by asking for our own queue."""
        name = queue_name(facts.config)
        try:
            found = await self._queues.managed(name)
        except BrokerError as error:
            return MANAGEMENT.failed(sentence(str(error)), MANAGEMENT_FIX)
        if found is None:
            return MANAGEMENT.skipped("Not asked: --broker-api is not set, or the broker is not RabbitMQ.")
        waiting = sum(row.ready or 0 for row in found.rows)
        return MANAGEMENT.ok(f"It answers; {count(waiting, 'event waits', 'events wait')} in {name}.")


BROKER_FIX = "See that it runs, that --broker has its address, user and password, and that it has room for connections."
COMMANDS_FIX = (
    "See that the broker has memory and disk (a RabbitMQ with an alarm takes nothing from those who publish: "
    "rabbitmq-diagnostics alarms), and that the user of --broker may do what Celery's control needs."
)
RESULTS_FIX = "Set --result-backend (FLOWER_RESULT_BACKEND, CELERY_RESULT_BACKEND) to what the workers have."
MANAGEMENT_FIX = "Set --broker-api to http://user:password@host:15672/api, with a user that has the tag monitoring."
WORKERS_FIX = "See that the broker is well; a worker that does not answer may be busy in a solo pool."
