"""How much work a queue has, and what there is to do it. Pure.

Three tell of the work that workers already have, and each sees only part of it: the broker counts what is not
acknowledged (on RabbitMQ over its management API only; a task that is acknowledged early is gone when it starts),
heartbeats say how many tasks a worker runs (of which queue they don't), and events name each task (unless they are
off). The largest is taken: work that is not counted is killed by whoever scales to zero.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from flower_monitor.queues.rows import QueueRow
from flower_monitor.queues.workers import queues_of
from flower_monitor.store.records import WorkerRow, WorkloadRow
from flower_monitor.web.pool_size import pool_of

_Version = Annotated[Literal["autoscale/v1"], Meta(description="Fields are only added to it")]
_At = Annotated[str, Meta(description="When it was measured, RFC 3339")]
_Age = Annotated[float, Meta(description="Seconds since then")]


class QueueLoad(msgspec.Struct, frozen=True, kw_only=True, rename={"api_version": "apiVersion"}):
    """What a queue asks for."""

    api_version: _Version = "autoscale/v1"
    queue: Annotated[str, Meta(description="Name of the queue")]
    ready: Annotated[int, Meta(description="Messages that wait in the broker")]
    unacked: Annotated[int | None, Meta(description="Messages that consumers have; null: the broker does not tell")]
    active: Annotated[int | None, Meta(description="Tasks that run; null: a worker has not said what it consumes")]
    scheduled: Annotated[int, Meta(description="Tasks that workers keep until their ETA, as events tell")]
    work: Annotated[int, Meta(description="Tasks to do now: those that wait, those that workers have, those that run")]
    workers: Annotated[int | None, Meta(description="Workers that are online and consume it; null: as `active`")]
    capacity: Annotated[
        int | None,
        Meta(description="Tasks that they can run at a time, by the sizes of their pools; null: one has not said it"),
    ]
    load: Annotated[
        float | None,
        Meta(description="`work` / `capacity`, and `work` where there is no worker; null: `capacity` is"),
    ]
    oldest_age_seconds: Annotated[float | None, Meta(description="Age of the message that has waited longest")]
    drain_eta_seconds: Annotated[float | None, Meta(description="Seconds until it is empty; null: it does not shrink")]
    observed_at: _At
    age_seconds: _Age
    unknown: Annotated[dict[str, str], Meta(description="For each field that is null: why")]


class TargetValue(msgspec.Struct, frozen=True, kw_only=True, rename={"api_version": "apiVersion"}):
    """One number of a policy."""

    api_version: _Version = "autoscale/v1"
    target: Annotated[str, Meta(description="Name of the policy")]
    value: Annotated[
        int,
        Meta(
            description="Processes, threads or greenlets that the policy asks for, over all workers together and "
            "without its bounds"
        ),
    ]
    observed_at: _At
    age_seconds: _Age


@dataclass(frozen=True)
class Consumer:
    """A worker that is there."""

    active: int | None
    """Tasks that it runs, by its last heartbeat; None: it sends none."""

    queues: frozenset[str] | None
    """Those it consumes; None: it has not said."""

    size: int | None
    """Of its pool; None: it has not said."""

    most: int | None
    """What it can run at a time: more than its size when Celery's own autoscaler may grow it."""

    kind: str | None = None
    """Its pool, as `celery.concurrency.prefork:TaskPool`."""

    autoscales: bool = False

    identity: tuple[Any, ...] = ()
    """Another one when another process took the name."""


Consumers = Mapping[str, Consumer]


def consumer(row: WorkerRow | None, answer: Mapping[str, Any]) -> Consumer:
    """A worker, of its events and of what it answered last."""
    queues = frozenset(queue["name"] for queue in queues_of([answer])) if "active_queues" in answer else None
    identity = () if row is None else (row.pid, row.restarts, row.since)
    active = None if row is None else row.active
    stats = answer.get("stats")
    if not isinstance(stats, dict):
        return Consumer(active, queues, None, None, identity=identity)
    pool = pool_of(stats)
    own = stats.get("autoscaler")
    most = max(pool.size, int(own.get("max") or 0)) if isinstance(own, dict) else pool.size
    return Consumer(
        active=active,
        queues=queues,
        size=pool.size or None,
        most=most or None,
        kind=pool.kind,
        autoscales=pool.autoscales,
        identity=identity,
    )


def load_of(row: QueueRow, consumers: Consumers, held: Sequence[WorkloadRow], at: float, now: float) -> QueueLoad:
    """What a queue asks for.

    Args:
        row: What the broker says; it has to know `ready`.
        consumers: Workers that are there, by host name.
        held: What workers have, by events.
        at: When the broker was asked, epoch seconds.
        now: Epoch seconds.
    """
    assert row.ready is not None  # noqa: S101 - whoever calls has answered 503 then
    known = all(worker.queues is not None for worker in consumers.values())
    ours = {name: worker for name, worker in consumers.items() if row.name in (worker.queues or ())}
    active = running({row.name}, consumers, held)
    work = work_of([row], consumers, held)
    capacity = capacity_of(ours.values()) if known else None
    values: dict[str, Any] = {
        "unacked": row.unacknowledged,
        "active": active if known else None,
        "workers": len(ours) if known else None,
        "capacity": capacity,
        "load": None if capacity is None else round(work / (capacity or 1), 4),
        "oldest_age_seconds": row.oldest_age,
        "drain_eta_seconds": row.drain_time,
    }
    return QueueLoad(
        queue=row.name,
        ready=row.ready,
        scheduled=sum(one.scheduled for one in _of({row.name}, ours, held)),
        work=work,
        observed_at=rfc3339(at),
        age_seconds=round(max(0.0, now - at), 3),
        unknown={field: _why(field, row, known=known) for field, value in values.items() if value is None},
        **values,
    )


def work_of(rows: Sequence[QueueRow], consumers: Consumers, held: Sequence[WorkloadRow]) -> int:
    """Tasks to do now of some queues together.

    A task whose queue nobody knows may be of each of them, and counts once: without task-sent events, which are off
    unless somebody turns them on, nobody knows it of a worker with several queues.

    Args:
        rows: What the broker says; it has to know `ready` of each.
        consumers: Workers that are there, by host name.
        held: What workers have, by events.
    """
    names = frozenset(row.name for row in rows)
    ours = {name: worker for name, worker in consumers.items() if names & (worker.queues or frozenset())}
    mine = _of(names, ours, held)
    told = running(names, consumers, held) + sum(one.waiting for one in mine)
    later = sum(one.scheduled for one in mine if one.queue is None)
    had = sum(_had(row, [one for one in mine if one.queue == row.name]) for row in rows) - later
    return sum(row.ready or 0 for row in rows) + max(told, had)


def running(queues: Collection[str], consumers: Consumers, held: Iterable[WorkloadRow]) -> int:
    """Tasks of some queues that run.

    A heartbeat counts those of all queues of its worker: less those that events know to be of others, they are taken
    for these queues'. One that stopped consuming still runs what it has.
    """
    here: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    for one in held:
        ours = one.queue in queues or (one.queue is None and _consumes(consumers, one.worker, queues))
        counts = here if ours else elsewhere
        counts[one.worker] = counts.get(one.worker, 0) + one.running
    said = {
        name: max(0, worker.active - elsewhere.get(name, 0))
        for name, worker in consumers.items()
        if worker.active is not None and _consumes(consumers, name, queues)
    }
    return sum(max(here.get(name, 0), said.get(name, 0)) for name in (here.keys() & consumers.keys()) | said.keys())


def capacity_of(workers: Iterable[Consumer]) -> int | None:
    """What workers can run at a time; None: one has not said its size."""
    sizes = [worker.most for worker in workers]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def rfc3339(at: float) -> str:
    """A time as Kubernetes writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _had(row: QueueRow, known: Sequence[WorkloadRow]) -> int:
    """Tasks of a queue that workers have and that are due, by the broker or by events that name it, the more."""
    unacked = (row.unacknowledged or 0) - sum(one.scheduled for one in known)
    return max(unacked, sum(one.running + one.waiting for one in known))


def _of(queues: Collection[str], ours: Consumers, held: Iterable[WorkloadRow]) -> list[WorkloadRow]:
    """What workers have of some queues; what is of nobody knows which may be of these."""
    return [one for one in held if one.queue in queues or (one.queue is None and one.worker in ours)]


def _consumes(consumers: Consumers, worker: str, queues: Collection[str]) -> bool:
    return worker in consumers and any(queue in queues for queue in consumers[worker].queues or ())


_SILENT = "A worker that is online has not said which queues it consumes"
_SIZELESS = "A worker that consumes it has not said the size of its pool"


def _why(field: str, row: QueueRow, *, known: bool) -> str:
    told = {"unacked": "unacknowledged", "oldest_age_seconds": "oldest_age", "drain_eta_seconds": "drain_time"}
    if field in told:
        return row.unknown.get(told[field], "Nobody tells")
    return _SIZELESS if known else _SILENT
