"""One client with one connection, one request after the other."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.measure.figures import Quantiles, quantiles
from bench.sut.api import Answer, Api, Request


@dataclass(frozen=True)
class Latency:
    """Of one request."""

    ms: Quantiles | None
    bytes: int
    """Of the last answer."""

    status: list[int]


@dataclass(frozen=True)
class Budget:
    """How long to go on with a request."""

    requests: int
    seconds: float
    """At most, after three requests."""

    pause: float = 0.0
    """Seconds between two requests."""


def latency(ask: Callable[[], Answer], budget: Budget) -> Latency:
    """Ask until the budget is used up."""
    answers: list[Answer] = []
    start = time.monotonic()
    while len(answers) < budget.requests and (time.monotonic() - start < budget.seconds or len(answers) < 3):
        answers.append(ask())
        time.sleep(budget.pause)
    took = [answer.seconds for answer in answers]
    return Latency(quantiles(took), len(answers[-1].body), sorted({answer.status for answer in answers}))


def timed(api: Api, method: str, path: Callable[[], str], count: int) -> Latency:
    """So many requests with a path of their own each."""
    return latency(lambda: api.ask(Request(path(), method)), Budget(count, 3600))
