"""Which unfinished tasks have to be looked into, and what their worker's life says of each. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal

from flower_monitor.store.records import GapRow, Unsettled, WorkerRow
from flower_monitor.truth.verdict import FINAL

#: Seconds without an event after which a task on a worker that lives is looked into.
QUIET = 60.0

#: Seconds that a verdict holds at least before it is looked into again, and at most.
AGAIN, AGAIN_AT_MOST = 60.0, 600.0

#: Seconds of difference between two clocks that are none.
SAME = 2.0

#: Seconds after a worker's last heartbeat in which it may have lived on: three of the usual ones, and some.
LIVED_ON = 10.0

Life = Literal["same", "replaced", "lost", "offline"] | None

#: Gaps in which any worker's events can be missing.
_OF_ALL = frozenset({"stopped", "disconnected", "cut-off", "dropped"})


def life(task: Unsettled, worker: WorkerRow | None) -> tuple[Life, str]:
    """What became of the process that had a task, and how that is known."""
    if worker is None:
        return None, f"nothing is known of {task.worker or 'its worker'}"
    name = worker.hostname
    if worker.shared:
        return None, f"several processes call themselves {name}: which one had it can't be told"
    if worker.state == "lost":
        return "lost", f"{name} fell silent without a goodbye; it was last heard {_time(worker.last_heartbeat)}"
    if worker.state == "offline":
        return "offline", f"{name} said goodbye; it was last heard {_time(worker.last_heartbeat)}"
    if worker.since is not None and task.ts < worker.since - SAME:
        return (
            "replaced",
            f"{name} is a process (pid {worker.pid}) that began {_time(worker.since)}, after the task did",
        )
    return "same", f"{name} is online, the process (pid {worker.pid}) that had it"


def due(task: Unsettled, worker: WorkerRow | None, now: float) -> bool:
    """Whether to look into a task now."""
    if task.verdict in FINAL:
        return False
    quiet = now - by_our_clock(task.ts, worker)
    gone = life(task, worker)[0] in ("lost", "offline", "replaced")
    if not gone and (quiet < QUIET or _later(task.eta, now)):
        return False
    return task.judged_at is None or now - task.judged_at >= min(max(AGAIN, quiet / 4), AGAIN_AT_MOST)


def choose(tasks: Iterable[Unsettled], workers: Mapping[str, WorkerRow], now: float, most: int) -> list[Unsettled]:
    """The tasks to look into now: those never looked into first, then those for which it is longest ago."""
    found = [task for task in tasks if due(task, workers.get(task.worker or ""), now)]
    return sorted(found, key=lambda task: task.judged_at or 0.0)[:most]


def missed(task: Unsettled, worker: WorkerRow | None, gaps: Iterable[GapRow], now: float) -> str | None:
    """How it is known that events of a task may be missing: a gap since its last event, while its worker lived."""
    begin = by_our_clock(task.ts, worker)
    alive = worker is None or worker.state == "online" or worker.last_heartbeat is None
    end = now if alive or worker is None else (worker.last_heartbeat or now) + LIVED_ON
    for gap in gaps:
        concerns = gap.why in _OF_ALL or task.worker in gap.workers or gap.more > 0
        if concerns and gap.start <= end and (gap.end is None or gap.end >= begin):
            until = "now" if gap.end is None else _time(gap.end)
            return f"events were missed from {_time(gap.start)} to {until} ({gap.why})"
    return None


def by_our_clock(ts: float, worker: WorkerRow | None) -> float:
    """A worker's time by our clock."""
    offset = worker.clock_offset if worker is not None else None
    return ts if offset is None or abs(offset) < SAME else ts - offset


def heard(worker: WorkerRow) -> float:
    """When a worker's life changed last, as far as is known: its process began, or it was last heard if it is gone."""
    at = worker.since if worker.state == "online" else worker.last_heartbeat
    return at or 0.0


def _later(eta: str | None, now: float) -> bool:
    """Whether a task is not to start before some time to come."""
    try:
        at = datetime.fromisoformat(eta) if eta else None
    except ValueError:
        return False
    return at is not None and (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() > now


def _time(at: float | None) -> str:
    """A time for people."""
    return "never" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
