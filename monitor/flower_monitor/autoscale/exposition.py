"""The numbers that are scaled by, for Prometheus and its adapter. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from flower_monitor.autoscale.measure import QueueLoad
from flower_monitor.web.metrics.exposition import Family, labels, sample

PREFIX = "flower_monitor_autoscale_"

_QUEUE = {
    "ready": "Messages of a queue that wait in the broker",
    "unacked": "Messages of a queue that consumers have",
    "active": "Tasks of a queue that run",
    "scheduled": "Tasks of a queue that workers keep until their ETA",
    "work": "Tasks of a queue to do now: those that wait, those that workers have, those that run",
    "workers": "Workers that are online and consume a queue",
    "capacity": "Tasks that the workers of a queue can run at a time",
    "load": "Work of a queue by its capacity",
    "oldest_age_seconds": "Age of the message of a queue that has waited longest",
    "drain_eta_seconds": "Seconds until a queue is empty if it goes on shrinking as it does",
    "age_seconds": "Seconds since the broker was asked",
}

DECISIONS = "flower_monitor_pool_scale_decisions_total"


def families(
    common: Mapping[str, str],
    loads: Iterable[QueueLoad],
    targets: Mapping[str, int | None],
    levels: Mapping[str, int],
    decisions: Counter[tuple[str, str]],
) -> Iterator[Family]:
    """The families. What is not known has no series: a 0 would be taken for one.

    Args:
        common: Labels of each series: the monitor and its namespace.
        loads: What queues ask for.
        targets: Policy -> processes that it asks for over all workers.
        levels: Policy -> size of each pool that it wants.
        decisions: Policy and result -> how often.
    """
    found = list(loads)
    for field, documentation in _QUEUE.items():
        values = {load.queue: getattr(load, field) for load in found}
        yield _family(f"{PREFIX}queue_{field}", documentation, common, "queue", values)
    yield _family(f"{PREFIX}target", "Processes that a policy asks for over all workers", common, "policy", targets)
    yield _family(f"{PREFIX}pool_size", "Size of each pool that a policy wants", common, "policy", levels)
    counted = {labels(**common, policy=policy, result=result): n for (policy, result), n in decisions.items()}
    lines = [sample(DECISIONS, series, n) for series, n in counted.items()]
    yield Family(DECISIONS, "counter", "Pools that policies wanted to size, by what came of it", lines)


def _family(
    name: str, documentation: str, common: Mapping[str, str], label: str, values: Mapping[str, float | None]
) -> Family:
    known = {labels(**common, **{label: key}): value for key, value in values.items() if value is not None}
    return Family(name, "gauge", documentation, [sample(name, series, value) for series, value in known.items()])
