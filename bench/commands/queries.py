"""`queries`: latency of what pages ask for, with many tasks kept, idle and under load."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote

from bench import stage
from bench.brokers import Broker
from bench.commands.latency import Budget, latency
from bench.commands.memory import feed
from bench.load.generator import Generator
from bench.load.order import Order
from bench.measure.noise import Noise
from bench.measure.runs import Run, repeat, summary
from bench.options import option
from bench.progress import log
from bench.settings import Settings
from bench.sut.answers import count_tasks
from bench.sut.api import Answer, Api, Request
from bench.sut.monitor import Monitor

_NEAR = 5000
"""How far from the newest task the one is that is searched for: within the newest 10,000."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How many tasks, and how long to ask."""

    kept: int = option(1_000_000, "tasks kept")
    window: int = option(20_000, "events in front of the monitor at once while filling")
    requests: int = option(200, "requests of a kind")
    budget: float = option(20, "but no longer than this many seconds")
    loads: tuple[int, ...] = option((0, 1000), "events/s meanwhile, one after the other; 0: idle")


OPTIONS = Options


@dataclass(kw_only=True)
class Queries(Run):
    """Load -> question -> latency."""

    kept: int | None
    latencies: dict[str, dict[str, Any]]


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """As often as wanted."""
    return {f"{options.kept} tasks": summary(repeat(settings.repeats, lambda: one(settings, options)))}


def one(settings: Settings, options: Options) -> Queries:
    """One run."""
    with (
        stage.answering(settings, unlimited=True) as broker,
        stage.monitor(settings, broker, max_tasks=options.kept + options.kept // 10) as monitor,
    ):
        log(f"feeding {options.kept} tasks")
        started = time.time()
        feed(settings, broker, monitor, options.kept, options.window)
        since = (started + time.time()) / 2
        noise, kept = Noise(monitor, broker), count_tasks(monitor)
        questions = {
            name: filled(request, settings, options, since) for name, request in monitor.profile.queries.items()
        }
        found = {
            f"{rate} events/s": under(settings, options, broker, monitor, questions, rate) for rate in options.loads
        }
        return Queries(kept=kept, latencies=found, others_cpu_percent=noise.percent())


def under(
    settings: Settings, options: Options, broker: Broker, monitor: Monitor, questions: Mapping[str, Request], rate: int
) -> dict[str, Any]:
    """All questions while so many events come in a second."""
    if not rate:
        return asked(options, monitor, questions)
    shape = replace(settings.shape, seed=2)
    with Generator(broker.url, shape, Order(rate=rate, seconds=3600)):
        time.sleep(2)
        return asked(options, monitor, questions)


def asked(options: Options, monitor: Monitor, questions: Mapping[str, Request]) -> dict[str, Any]:
    """All questions, one after the other."""
    api, budget = monitor.api(), Budget(options.requests, options.budget)
    return {name: asdict(latency(asker(api, request), budget)) for name, request in questions.items()}


def asker(api: Api, request: Request) -> Callable[[], Answer]:
    """What asks it; a search to its end."""
    return lambda: to_the_end(api, request) if "/api/v1/tasks?" in request.path else api.ask(request)


def to_the_end(api: Api, request: Request) -> Answer:
    """A list that says it has not looked at everything is asked on, until something is found or all was looked at."""
    answer = api.ask(request)
    seconds = answer.seconds
    while (cursor := unfinished(answer)) is not None:
        answer = api.ask(request._replace(path=f"{request.path}&cursor={quote(cursor)}"))
        seconds += answer.seconds
    return answer._replace(seconds=seconds)


def unfinished(answer: Answer) -> str | None:
    """The cursor of a page without tasks that is not the last one."""
    if answer.status != 200:
        return None
    body = json.loads(answer.body)
    cursor: str | None = body["next_cursor"]
    return None if body["items"] else cursor


def filled(request: Request, settings: Settings, options: Options, since: float) -> Request:
    """The request with this load's values."""
    values = {
        "%worker": settings.shape.worker_names()[0],
        "%name": settings.shape.task_names()[0],
        "%since": f"{since:.3f}",
        "%date": time.strftime("%Y-%m-%d %H:%M", time.gmtime(since)),
        "%near": f"o-{max(1, options.kept - _NEAR):010d}",
    }
    path = request.path
    for name, value in values.items():
        path = path.replace(name, quote(value))
    return request._replace(path=path)
