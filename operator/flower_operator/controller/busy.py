"""How many tasks workers run, as their monitor says (`GET /api/v1/workers`). Pure."""

from collections.abc import Iterable

import msgspec

from flower_operator.resources.deletion_cost import Active

FRESH = 60.0
"""Seconds for which a heartbeat tells what a worker runs. Celery's workers send one every two seconds."""


class Worker(msgspec.Struct, frozen=True):
    """What of a worker matters here (monitor/flower_monitor/store/records.py)."""

    hostname: str
    state: str
    active: int | None = None
    last_heartbeat: float | None = None
    """By the clock of the monitor, epoch seconds."""
    shared: bool = False
    """Two processes or more say that they are this worker."""


class Workers(msgspec.Struct, frozen=True):
    """The answer."""

    items: list[Worker]


def by_host(workers: Iterable[Worker], now: float) -> Active:
    """Tasks of all workers of each host, at a time by the clock of the monitor. One that said goodbye has none, and
    makes nothing known of its host."""
    found: dict[str, int | None] = {}
    for worker in workers:
        host = worker.hostname.partition("@")[2]
        if not host or worker.state == "offline":
            continue
        before, told = found.get(host, 0), _told(worker, now)
        found[host] = None if before is None or told is None else before + told
    return found


def _told(worker: Worker, now: float) -> int | None:
    known = worker.state == "online" and not worker.shared and worker.last_heartbeat is not None
    if not known or worker.active is None or now - (worker.last_heartbeat or 0.0) > FRESH:
        return None
    return max(0, worker.active)
