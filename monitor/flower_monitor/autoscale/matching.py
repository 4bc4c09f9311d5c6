"""Which workers a policy sizes, and what it measures. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flower_monitor.autoscale.decide import Sample, Worker, slots
from flower_monitor.autoscale.measure import Consumer, QueueLoad, capacity_of
from flower_monitor.autoscale.observatory import Situation
from flower_monitor.autoscale.policy import Policy

UNABLE = {"solo": "its pool, solo, has one process", "thread": "its pool, threads, can't change its size"}
"""Module of a pool that has neither grow nor shrink -> why."""


@dataclass(frozen=True)
class Matched:
    """The workers of a policy."""

    workers: Mapping[str, Consumer]
    """Those that it sizes, by host name."""

    left: Mapping[str, str] = field(default_factory=dict)
    """Those that it fits and can't size, and why."""

    queues: frozenset[str] = frozenset()
    """Whose work counts."""


def matched(policy: Policy, situation: Situation, taken: Mapping[str, str] = {}) -> Matched:
    """The workers of a policy; those that another one has taken, by host name, are not its."""
    fitting = {
        name: worker
        for name, worker in situation.consumers.items()
        if policy.match.fits(name, worker.queues or ()) and (worker.queues is not None or policy.match.queue is None)
    }
    left = {name: why for name, worker in fitting.items() if (why := _unable(name, worker, taken))}
    named = policy.match.queue
    queues = frozenset({named} if named else {queue for worker in fitting.values() for queue in worker.queues or ()})
    return Matched({name: worker for name, worker in fitting.items() if name not in left}, left, queues)


def sample(policy: Policy, situation: Situation, found: Matched, now: float) -> Sample:
    """What a policy sees. `now` is by the clock of decisions."""
    loads = _loads(found, situation)
    others = capacity_of(
        worker
        for name, worker in situation.consumers.items()
        if name not in found.workers and found.queues & (worker.queues or frozenset())
    )
    unknown = _unknown(policy, found, loads, situation, others)
    return Sample(
        now=now,
        measure=None if unknown else measure(policy, loads, situation),
        unknown=unknown,
        workers={
            name: Worker(worker.size, worker.active or 0) for name, worker in found.workers.items() if worker.size
        },
        others=others or 0,
    )


def measure(policy: Policy, loads: Collection[QueueLoad], situation: Situation) -> float | None:
    """What a policy's metric is, over some queues; None: of one it is not known."""
    match policy.metric:
        case "load":
            return situation.work(load.queue for load in loads)
        case "ready":
            return sum(load.ready for load in loads)
        case "oldest_age":
            ages = [load.oldest_age_seconds for load in loads]
            return None if None in ages else max((age for age in ages if age is not None), default=None)


def target(policy: Policy, situation: Situation) -> int | None:
    """Processes that a policy asks for, over all workers and without its bounds; None: not known."""
    found = matched(policy, situation)
    loads = _loads(found, situation)
    seen = measure(policy, loads, situation) if loads and len(loads) == len(found.queues) else None
    if seen is None:
        return None
    if policy.metric != "oldest_age":
        return slots(seen, policy.target)
    there = capacity_of([*found.workers.values(), *(situation.consumers[name] for name in found.left)])
    return None if there is None else slots(seen * max(there, 1), policy.target)


def _loads(found: Matched, situation: Situation) -> list[QueueLoad]:
    """What its queues ask for, without those of which that is not known."""
    rows = [situation.rows[name] for name in sorted(found.queues) if name in situation.rows]
    return [situation.load(row) for row in rows if row.ready is not None]


def _unknown(
    policy: Policy, found: Matched, loads: Sequence[QueueLoad], situation: Situation, others: int | None
) -> str:
    """Why a policy does not know what it measures; empty: it does."""
    if not found.queues:
        return "no worker has said which queues it consumes"
    untold = found.queues - {load.queue for load in loads}
    if untold:
        return f"the broker does not tell how long {', '.join(sorted(untold))} is"
    if others is None:
        return "another worker of its queues has not said the size of its pool"
    if measure(policy, loads, situation) is None:
        # The only metric that may be unknown of a queue that is known.
        return "; ".join(f"{load.queue}: {why}" for load in loads if (why := load.unknown.get("oldest_age_seconds")))
    return ""


def _unable(name: str, worker: Consumer, taken: Mapping[str, str]) -> str | None:
    if name in taken:
        return f"the policy {taken[name]} sizes it"
    if worker.queues is not None and not worker.queues:
        return "it consumes no queue: perhaps it is drained"
    if worker.autoscales:
        return "it was started with --autoscale, and sizes its pool by itself"
    module = (worker.kind or "").partition(":")[0].rpartition(".")[2]
    if module in UNABLE:
        return UNABLE[module]
    return "it has not said the size of its pool" if worker.size is None else None
