"""What is measured, made up: queues, workers, policies."""

from typing import Any

import msgspec

from flower_monitor.autoscale.measure import Consumer
from flower_monitor.autoscale.observatory import Situation
from flower_monitor.autoscale.policy import Policy
from flower_monitor.queues.rows import QueueRow
from flower_monitor.store.records import WorkloadRow

NOW = 1_795_251_117.5


def row(name: str = "work", ready: int | None = 0, **fields: Any) -> QueueRow:
    """A queue of which the broker tells `ready` and what is given."""
    values: dict[str, Any] = dict.fromkeys(QueueRow.__struct_fields__)
    values |= {"name": name, "ready": ready, "unknown": {}, **fields}
    return msgspec.convert(values, QueueRow)


def worker(*queues: str, active: int | None = 0, size: int | None = 4, **fields: Any) -> Consumer:
    """A worker that consumes some queues."""
    values: dict[str, Any] = {"active": active, "queues": frozenset(queues), "size": size, "most": size, **fields}
    return Consumer(**values)


def held(
    worker: str = "w1", queue: str | None = "work", running: int = 0, waiting: int = 0, later: int = 0
) -> WorkloadRow:
    """What events tell of a worker and a queue."""
    return WorkloadRow(worker, queue, running, waiting, later)


def situation(
    rows: list[QueueRow], consumers: dict[str, Consumer], tasks: list[WorkloadRow] | None = None
) -> Situation:
    """What is seen at `NOW`."""
    return Situation(NOW, NOW, {one.name: one for one in rows}, consumers, tasks or [])


def policy(**fields: Any) -> Policy:
    """A policy for the queue `work`, as JSON has it."""
    return msgspec.convert({"name": "p", "match": {"queue": "work"}, "max": 10, **fields}, Policy)
