"""`/workers?json=1`: workers as Flower's own page reads them, and as scripts do that read that."""

from collections.abc import Iterable
from typing import Any

from flower_monitor.store.records import WorkerRow

_COPIED = ("hostname", "pid", "freq", "clock", "active", "processed", "loadavg", "sw_ident", "sw_ver", "sw_sys")


def rows(workers: Iterable[WorkerRow]) -> dict[str, Any]:
    """The body. Counters of events stand beside the fields; of `heartbeats` there is the last one only."""
    return {"data": [_row(worker) for worker in workers]}


def _row(worker: WorkerRow) -> dict[str, Any]:
    copied = {name: getattr(worker, name) for name in _COPIED}
    beats = [] if worker.last_heartbeat is None else [worker.last_heartbeat]
    return {**worker.counters, **copied, "heartbeats": beats, "status": worker.state == "online"}
