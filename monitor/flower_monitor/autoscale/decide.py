"""From what is seen to the sizes that pools should have. Pure.

A policy has one level: the size of each of its workers' pools. What would be enough for what is seen is a
recommendation; the level follows it by steps, when the recommendations of a whole window agree, and not too often.
Workers whose pools are of another size than the level are brought to it: those that were started anew, and those that
somebody sized by hand.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flower_monitor.autoscale.policy import Policy

TOLERANCE = 0.1
"""How far an age may be from its target before something is recommended, as the HorizontalPodAutoscaler's."""


LEAST_KEPT = 60.0
"""Seconds that recommendations are remembered at least; when there is none of them, nobody has looked for so long."""


@dataclass(frozen=True)
class Worker:
    """A worker that a policy sizes."""

    size: int
    """Of its pool."""

    active: int
    """Tasks that it runs."""


@dataclass(frozen=True)
class Sample:
    """What is seen at a time."""

    now: float
    """Seconds, by any clock that only goes forward."""

    measure: float | None
    """Of the policy's metric: tasks, messages or seconds, over all its queues; None: not known."""

    workers: Mapping[str, Worker]
    """By host name."""

    unknown: str = ""
    """Why the measure is not known, for people."""

    others: int = 0
    """What workers can run at a time that do the same work and are not sized by the policy."""


@dataclass(frozen=True)
class Memory:
    """What a policy remembers from one decision to the next."""

    level: int | None = None
    """Size of each pool; None: nothing was decided yet."""

    recommended: tuple[tuple[float, int], ...] = ()
    """When, and which size, over the longer of its windows (`LEAST_KEPT`)."""

    changed: float = -math.inf
    """When the level last changed, or was to change and was vetoed."""

    vetoed: bool = False
    """Whether it was the latter."""


@dataclass(frozen=True)
class Decision:
    """What a policy wants."""

    memory: Memory
    before: int | None
    """The level before."""

    recommendation: int | None
    """What would be enough; None: not known."""

    sizes: Mapping[str, int]
    """Workers whose pools should have another size, and which."""

    why: str
    """In words, for people."""

    @property
    def level(self) -> int | None:
        """The level now."""
        return self.memory.level


def decide(policy: Policy, sample: Sample, memory: Memory) -> Decision:
    """What a policy wants.

    Args:
        policy: The policy.
        sample: What is seen.
        memory: What it remembers.
    """
    if not sample.workers:
        return Decision(memory, memory.level, None, {}, "no worker that it could size")
    before = memory.level
    level = _first(policy, sample) if before is None else _clamp(policy, before)
    known = recommend(policy, sample, level)
    # What is not known counts as "stay", and so does what nobody has seen for a while: after an outage, and when
    # workers come back, nothing shrinks before a whole window was seen again.
    recent = _recent(policy, sample.now, memory) or ((sample.now, level),)
    history = (*recent, (sample.now, level if known is None else known))
    after, why = _next(policy, level, history, sample.now, memory)
    if known is None:
        why = f"it stays at {after}"
    moved = before is not None and after != before
    changed, vetoed = (sample.now, False) if moved else (memory.changed, memory.vetoed)
    sizes = {name: size for name, worker in sample.workers.items() if (size := _size(worker, after)) != worker.size}
    return Decision(Memory(after, history, changed, vetoed), before, known, sizes, f"{_seen(policy, sample)}: {why}")


def blind(policy: Policy, memory: Memory, now: float) -> Memory:
    """What is remembered while nothing at all is seen: that the level was right, so that nothing shrinks soon after."""
    if memory.level is None:
        return memory
    return replace(memory, recommended=(*_recent(policy, now, memory), (now, memory.level)))


def undone(decision: Decision, now: float) -> Memory:
    """What is remembered of a decision that was not carried out: the level before, and when it was tried."""
    level = decision.level if decision.before is None else decision.before
    return replace(decision.memory, level=level, changed=now, vetoed=True)


def recommend(policy: Policy, sample: Sample, level: int) -> int | None:
    """The size of each pool that would be enough, within the policy's bounds; None: not known."""
    if sample.measure is None or not sample.workers:
        return None
    if policy.metric == "oldest_age":
        return _clamp(policy, _by_ratio(sample.measure / policy.target, level))
    wanted = slots(sample.measure, policy.target) - sample.others
    return _clamp(policy, math.ceil(wanted / len(sample.workers)))


def slots(measure: float, target: float) -> int:
    """Processes that so many tasks or messages want, when each should have `target` of them."""
    return math.ceil(round(measure / target, 6))


def _by_ratio(ratio: float, level: int) -> int:
    return level if abs(ratio - 1) <= TOLERANCE else math.ceil(round(level * ratio, 6))


def _next(
    policy: Policy, level: int, history: tuple[tuple[float, int], ...], now: float, memory: Memory
) -> tuple[int, str]:
    """The level that follows, and why."""
    windows = policy.stabilization_seconds
    up = min(size for at, size in history if at >= now - windows.up)
    down = max(size for at, size in history if at >= now - windows.down)
    newest = history[-1][1]
    if newest == level:
        return level, f"{level} is right"
    if (newest > level and up <= level) or (newest < level and down >= level):
        return level, f"{newest} would be right, and has to be for longer"
    if now - memory.changed < policy.cooldown:
        last = "that was vetoed" if memory.vetoed else "it changed"
        return level, f"{newest} would be right; {last} less than {policy.cooldown} s ago"
    if newest > level:
        return min(up, level + (policy.scale_up_step or up)), f"from {level} towards {up}"
    return max(down, level - policy.scale_down_step), f"from {level} towards {down}"


def _first(policy: Policy, sample: Sample) -> int:
    """The level to begin with: what is there."""
    sizes = [worker.size for worker in sample.workers.values()]
    return _clamp(policy, math.ceil(sum(sizes) / len(sizes)))


def _size(worker: Worker, level: int) -> int:
    """What a pool should have: never fewer processes than it has tasks, so that none of those is cut off."""
    return level if level >= worker.size else max(level, min(worker.active, worker.size))


def _recent(policy: Policy, now: float, memory: Memory) -> tuple[tuple[float, int], ...]:
    window = max(policy.stabilization_seconds.up, policy.stabilization_seconds.down, LEAST_KEPT)
    return tuple(one for one in memory.recommended if one[0] >= now - window)


def _clamp(policy: Policy, size: int) -> int:
    return max(policy.min, min(policy.max, size))


def _seen(policy: Policy, sample: Sample) -> str:
    measure = f"unknown ({sample.unknown})" if sample.measure is None else f"{sample.measure:g}"
    what = {"load": "work", "ready": "ready", "oldest_age": "oldest age in seconds"}[policy.metric]
    return f"{what} {measure}, {len(sample.workers)} workers"
