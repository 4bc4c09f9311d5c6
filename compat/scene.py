"""What the checks are made in: a broker, workers, tasks in every state, and both programs in several settings."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bench import brokers, ports
from bench.brokers import Broker
from bench.brokers.rabbitmq import RabbitMQ
from bench.brokers.redis import Redis
from bench.progress import log
from compat import tasks
from compat.app import make
from compat.check import MAIN, Answer, Ask, Check
from compat.client import put, send
from compat.programs import Pair, Program, Programs, pair
from compat.settings import SETTINGS
from compat.workers import AUTO, VICTIMS, WORKER, Workers

SETTLED = 60.0
"""Seconds for workers and tasks to be where they should be, on a busy machine."""


@dataclass(frozen=True)
class Scene:
    """Everything is running."""

    broker: str
    """Its kind."""

    pairs: Mapping[str, Pair]
    """By setting."""

    names: Mapping[str, str]
    """What `$name` in a request stands for."""

    def ask(self, check: Check) -> tuple[Answer, Answer]:
        """Both answers, Flower's first."""
        both = self.pairs[check.on]
        return self._one(both.flower, "flower", check), self._one(both.ours, "ours", check)

    def _one(self, program: Program, who: str, check: Check) -> Answer:
        """The answer, with what is this program's own put back to its name."""
        if program.failure:
            return Answer(0, {}, program.failure)
        victim = VICTIMS[who]
        answer = put(program.url, check, {**self.names, "victim": victim})
        asked_for_it = "$victim" in check.ask.path + check.ask.body
        return answer._replace(text=answer.text.replace(victim, "$victim")) if asked_for_it else answer


@contextlib.contextmanager
def scene(kind: str, programs: Programs) -> Iterator[Scene]:
    """The scene on one kind of broker, and all of it gone afterwards."""
    with contextlib.ExitStack() as stack:
        management = ports.free()
        broker = brokers.start(kind) if kind == "redis" else RabbitMQ(management=management)
        stack.callback(broker.stop)
        backend = _backend(stack, broker)
        pairs = {
            name: pair(programs, one, broker, backend, management) for name, one in SETTINGS.items() if kind in one.on
        }
        for program in (*pairs[MAIN], *_others(pairs)):
            stack.callback(program.end)
        log(f"{kind}: starting both programs")
        _start(pairs[MAIN])
        workers = Workers(broker.url, backend)
        stack.callback(workers.stop)
        yield Scene(kind, pairs, _prepared(workers, pairs, broker.url, backend))


def _start(main: Pair) -> None:
    """Start both in the main setting.

    Raises:
        RuntimeError: One does not start: there is nothing to compare.
    """
    for program in main:
        program.begin()
    for program in main:
        program.await_ready()
        if program.failure:
            raise RuntimeError(f"{program.choice.cmd}: {program.failure}")


def _backend(stack: contextlib.ExitStack, broker: Broker) -> str:
    """URL of a result backend: the broker's own Redis, or one beside it."""
    if broker.kind == "redis":
        return f"redis://127.0.0.1:{broker.port}/1"
    beside = Redis()
    stack.callback(beside.stop)
    return f"redis://127.0.0.1:{beside.port}/1"


def _prepared(workers: Workers, pairs: Mapping[str, Pair], broker: str, backend: str) -> dict[str, str]:
    """Workers that are known, tasks that have come to rest, other settings up, workers that nobody asked yet."""
    log("starting workers")
    pid = workers.start(WORKER, "-c", "3", restarts=True)
    workers.start(AUTO, "--autoscale=3,1", "-Q", "auto")
    main = pairs[MAIN]
    until(lambda: all(_online(program, {WORKER, AUTO}) for program in main))
    for program in _others(pairs):
        program.begin()
    made = tasks.send(make(broker, backend), make(broker, backend, quiet=True), pid)
    until(lambda: all(_at_rest(program, made) for program in main))
    for program in main:
        send(program.url, Ask("GET", "/api/workers?refresh=1"))
    _late_workers(workers, main)
    log("waiting for the other settings")
    for program in _others(pairs):
        program.await_ready()
    return {**made, "worker": WORKER, "auto": AUTO, "victim": ""}


def _others(pairs: Mapping[str, Pair]) -> list[Program]:
    """The programs of all settings but the main one."""
    return [program for name, both in pairs.items() if name != MAIN for program in both]


def _late_workers(workers: Workers, main: Pair) -> None:
    """Start the workers that Flower has not asked when the checks begin."""
    for name in VICTIMS.values():
        workers.start(name, "-P", "solo", "-Q", "victims")
    until(lambda: all(_online(program, set(VICTIMS.values())) for program in main))


def _online(program: Program, names: set[str]) -> bool:
    answer = send(program.url, Ask("GET", "/api/workers?status=1"))
    return answer.status == 200 and names <= {name for name, online in json.loads(answer.text).items() if online}


def _at_rest(program: Program, made: Mapping[str, str]) -> bool:
    """Whether it shows each task in the state in which it stays."""
    return all(_in_state(program, made[name], state) for name, state in tasks.STATES.items())


def _in_state(program: Program, uuid: str, state: str | None) -> bool:
    answer = send(program.url, Ask("GET", f"/api/task/info/{uuid}"))
    return answer.status == 200 and state in (None, json.loads(answer.text)["state"])


def until(done: Callable[[], bool], limit: float = SETTLED) -> bool:
    """Whether it came to be so in time; what did not is seen in the checks."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.2)
    log(f"not so after {limit:.0f} s, going on")
    return False
