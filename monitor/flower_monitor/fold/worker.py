"""Workers: online, offline (it said so) or lost (it fell silent). Pure: the clock is given.

All times that decide anything are ours: a worker whose clock is an hour off is as alive as the others.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from flower_monitor.fold.events import Event

#: Beats that may be missed: Flower's two make a busy worker flap.
MISSED_BEATS = 3

#: Seconds of silence that are always forgiven: a worker that beats twice a second may pause for a collection.
SHORTEST_SILENCE = 10.0

#: Celery's own default, for a worker that never said.
DEFAULT_FREQ = 60.0

#: Seconds after which a worker that is offline or lost is forgotten: every restarted pod is a new host name.
FORGET_AFTER = 86400.0


class Worker(msgspec.Struct):
    """A worker as events tell of it; fields as in the store."""

    hostname: str
    first_seen: float
    state: Literal["online", "offline", "lost"] = "online"
    pid: int | None = None
    freq: float | None = None
    last_heartbeat: float | None = None
    active: int | None = None
    processed: int | None = None
    loadavg: list[float] | None = None
    sw_ident: str | None = None
    sw_ver: str | None = None
    sw_sys: str | None = None
    clock: int | None = None
    task_events: bool = False
    counters: dict[str, int] = {}
    said_at: float = 0.0
    """Its own time of what it last said of itself; not stored."""


def apply(worker: Worker, event: Event, now: float) -> None:
    """Fold in an event of the worker about itself."""
    worker.counters[event.type] = worker.counters.get(event.type, 0) + 1
    if event.timestamp < worker.said_at and event.pid == worker.pid:
        return  # older than what it already said
    worker.said_at = event.timestamp
    if event.type == "worker-online" or (event.pid is not None and event.pid != worker.pid):
        worker.task_events = False  # another process: it may have been started without them
    if event.type == "worker-offline":
        worker.state = "offline"
        worker.active = 0
    else:
        worker.state = "online"
        worker.last_heartbeat = now
    _learn(worker, event)


def worked(worker: Worker, type_: str, count: int, now: float) -> None:
    """Task events of it were seen: it lives, and sends them. One that said goodbye stays offline."""
    worker.counters[type_] = worker.counters.get(type_, 0) + count
    worker.task_events = True
    if worker.state != "offline":
        worker.state = "online"
        worker.last_heartbeat = now


def lost(workers: Iterable[Worker], now: float, listening_since: float) -> list[Worker]:
    """Mark the workers that fell silent; what happened before we listened is no silence."""
    found = []
    for worker in workers:
        heard = max(worker.last_heartbeat or worker.first_seen, listening_since)
        if worker.state == "online" and now - heard > silence(worker):
            worker.state = "lost"
            worker.active = None
            found.append(worker)
    return found


def silence(worker: Worker) -> float:
    """Seconds of silence after which a worker is lost."""
    return max((worker.freq or DEFAULT_FREQ) * MISSED_BEATS, SHORTEST_SILENCE)


def forgotten(workers: Iterable[Worker], now: float) -> list[str]:
    """Host names of the workers gone for so long that nobody asks for them."""
    return [
        worker.hostname
        for worker in workers
        if worker.state != "online" and now - (worker.last_heartbeat or worker.first_seen) > FORGET_AFTER
    ]


def _learn(worker: Worker, event: Event) -> None:
    """What an event says of the worker; what it does not say stays."""
    for field in ("pid", "freq", "active", "processed", "loadavg", "sw_ident", "sw_ver", "sw_sys", "clock"):
        value = getattr(event, field)
        if value is not None:
            setattr(worker, field, value)
