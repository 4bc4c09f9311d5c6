"""A policy against a history: what it would have decided, and what would have come of it. Pure.

Two kinds of history. One tells what came in and how long it ran: then a queue is simulated whose workers have the
sizes that the policy decides, as a fluid, so that a backlog grows and shrinks with them. The other tells what was seen
(`ready`, `active`): then the policy is asked what it would have decided for that, and changes nothing of it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from flower_monitor.autoscale.decide import Memory, Sample, Worker, decide
from flower_monitor.autoscale.history import Point
from flower_monitor.autoscale.policy import Policy

MOST_STEPS = 200_000
"""Decisions of one simulation: eleven days of one every five seconds."""


@dataclass(frozen=True)
class Setting:
    """What is simulated."""

    policy: Policy
    workers: int
    """How many there are; they stay."""

    size: int
    """Of each pool at first."""

    interval: float
    """Seconds between two decisions."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One decision."""

    at: float
    """Epoch seconds."""

    work: float
    """Tasks that wait or run."""

    capacity: int
    """What all workers can run at a time."""

    level: int
    """Size of each pool."""

    why: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    changes: int
    """How often the level changed."""

    most_work: float
    mean_work: float
    mean_capacity: float
    least_level: int
    most_level: int
    overloaded: float
    """Part of the time, 0 to 1, in which there was more work than could run."""


def simulate(points: Sequence[Point], setting: Setting) -> list[Step]:
    """The decisions of a policy on a history.

    Raises:
        ValueError: The history is empty, or asks for more steps than `MOST_STEPS`.
    """
    if not points:
        raise ValueError("the history is empty")
    end = points[-1].at + points[-1].seconds
    if (end - points[0].at) / setting.interval > MOST_STEPS:
        raise ValueError(f"more than {MOST_STEPS} decisions: give a shorter history or a longer --interval")
    return list(_steps(points, setting))


def outcome(steps: Sequence[Step]) -> Outcome:
    """What came of the decisions."""
    levels = [step.level for step in steps]
    return Outcome(
        changes=sum(before != after for before, after in pairwise(levels)),
        most_work=max(step.work for step in steps),
        mean_work=sum(step.work for step in steps) / len(steps),
        mean_capacity=sum(step.capacity for step in steps) / len(steps),
        least_level=min(levels),
        most_level=max(levels),
        overloaded=sum(step.work > step.capacity for step in steps) / len(steps),
    )


def _steps(points: Sequence[Point], setting: Setting) -> Iterator[Step]:
    memory, size, work, waited = Memory(), setting.size, 0.0, 0.0
    for at, point in _ticks(points, setting.interval):
        capacity = size * setting.workers
        if point.seen is not None:
            work = point.seen
        seen = _measure(setting.policy, point, work, capacity, waited)
        active = min(size, -(-int(work) // setting.workers))
        pools = {f"worker{n}": Worker(size, active) for n in range(1, setting.workers + 1)}
        decision = decide(setting.policy, Sample(at, seen, pools), memory)
        memory = decision.memory
        yield Step(at=at, work=round(work, 3), capacity=capacity, level=decision.level or size, why=decision.why)
        size = max(decision.sizes.values(), default=size)
        work, waited = _flow(point, work, capacity, waited, setting.interval)


def _ticks(points: Sequence[Point], interval: float) -> Iterator[tuple[float, Point]]:
    """The times of decisions, and what holds then."""
    at, place = points[0].at, 0
    while at < points[-1].at + points[-1].seconds:
        while place + 1 < len(points) and points[place + 1].at <= at:
            place += 1
        yield at, points[place]
        at += interval


def _flow(point: Point, work: float, capacity: int, waited: float, seconds: float) -> tuple[float, float]:
    """The work a while later, and for how long some of it has waited by then."""
    if point.seen is not None:
        return point.seen, waited + seconds if point.seen > capacity else 0.0
    rate = point.arrivals / point.seconds
    left = flow(work, rate, point.runtime, capacity, seconds)
    return left, max(0.0, left - capacity) * point.runtime / capacity


def flow(work: float, rate: float, runtime: float, capacity: int, seconds: float) -> float:
    """The work after some seconds in which `rate` tasks a second come in.

    While there is more than can run it changes evenly; while there is less, all of it runs, and it comes ever nearer to
    what runs when as much ends as comes in.
    """
    net = rate - capacity / runtime
    if work > capacity:
        until = (capacity - work) / net if net < 0 else math.inf
        return work + net * seconds if until >= seconds else flow(capacity, rate, runtime, capacity, seconds - until)
    even = rate * runtime
    if even <= capacity:
        return even + (work - even) * math.exp(-seconds / runtime)
    until = runtime * math.log((even - work) / (even - capacity))
    if until < seconds:
        return capacity + net * (seconds - until)
    return even + (work - even) * math.exp(-seconds / runtime)


def _measure(policy: Policy, point: Point, work: float, capacity: int, waited: float) -> float:
    match policy.metric:
        case "load":
            return work
        case "ready":
            return max(0.0, work - capacity) if point.ready is None else point.ready
        case "oldest_age":
            return waited
