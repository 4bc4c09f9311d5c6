"""Workers: online, offline (it said so) or lost (it fell silent). Pure: the clock is given.

All times that decide anything are ours: a worker whose clock is an hour off is as alive as the others. What orders the
events of one process is its logical clock and its time together: a clock that is set back reorders nothing.
"""

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

from flower_monitor.fold.events import Event
from flower_monitor.truth import account as books
from flower_monitor.truth import offset as offsets
from flower_monitor.truth.account import Account, Judged
from flower_monitor.truth.offset import Offset

#: Beats that may be missed: Flower's two make a busy worker flap.
MISSED_BEATS = 3

#: Seconds of silence that are always forgiven: a worker that beats twice a second may pause for a collection.
SHORTEST_SILENCE = 10.0

#: Celery's own default, for a worker that never said.
DEFAULT_FREQ = 60.0

#: Seconds after which a worker that is offline or lost is forgotten: every restarted pod is a new host name.
FORGET_AFTER = 86400.0

#: Processes remembered of one host name: two that share it, and some that came and went.
PROCESSES = 4

_LEARNED = ("freq", "active", "processed", "loadavg", "sw_ident", "sw_ver", "sw_sys", "clock")


class Worker(msgspec.Struct):
    """A worker as events tell of it; fields as in the store but for the last two."""

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
    since: float | None = None
    """When its process took the place of the one before, by its own clock; None: no other was known."""

    restarts: int = 0
    """Processes that took the place of one before."""

    shared: bool = False
    """Two processes or more say that they are this worker."""

    clock_offset: float | None = None
    """Seconds its clock is ahead of ours."""

    lag: float | None = None
    """Seconds that its last heartbeat took to us."""

    tasks_due: int = 0
    """Tasks that it started, of those heartbeats tell."""

    tasks_missed: int = 0
    """Of these those of whose start no event came."""

    accounts: list[Account] = []
    """Its processes' books, the one heard last at the end."""

    offset: Offset | None = None
    heard: float = 0.0
    """When its last event came, by a clock that nobody sets."""


#: What is stored of a worker: all but the last two.
STORED = Worker.__struct_fields__[:-2]


def apply(worker: Worker, event: Event, now: float, steady: float, prompt: bool = True) -> list[Judged]:
    """Fold in an event of the worker about itself; what its books say is missing. `prompt`: it did not wait for us."""
    worker.counters[event.type] = worker.counters.get(event.type, 0) + 1
    pid = worker.pid if event.pid is None else event.pid
    account = process(worker, pid)
    judged: list[Judged] = []
    if account is not None and books.late(account, event):
        return judged
    if account is None or books.restarted(account, event):
        account = _begin(worker, event, pid, now, judged)
    elif account.pid != worker.pid and account.time is not None:
        _return(worker, account)
    if event.type == "worker-online":
        worker.task_events = False  # another process, or one that was told to stop sending them
    found = books.beat(account, event, now)
    judged += [found] if found else []
    worker.pid = pid
    if worker.shared and all(now - other.heard > silence(worker) for other in worker.accounts[:-1]):
        worker.shared = False
    if event.type == "worker-offline":
        worker.state = "offline"
        worker.active = 0
    else:
        _lives(worker, now, steady)
    _learn(worker, event)
    _time(worker, event.timestamp, now, prompt)
    return judged


def worked(worker: Worker, type_: str, count: int, now: float, steady: float) -> None:
    """Task events of it were seen: it lives, and sends them. One that said goodbye stays offline."""
    worker.counters[type_] = worker.counters.get(type_, 0) + count
    worker.task_events = True
    if worker.state != "offline":
        _lives(worker, now, steady)


def started(worker: Worker, event: Event, now: float) -> list[Judged]:
    """A task-started event of it was seen; what the books say is missing when it is the first of a process."""
    account, judged = process(worker, event.pid), list[Judged]()
    if account is None:
        account = _begin(worker, event, event.pid, now, judged)
    books.started(account, event)
    return judged


def process(worker: Worker, pid: int | None) -> Account | None:
    """The books of one of its processes."""
    for account in reversed(worker.accounts):
        if account.pid == pid:
            return account
    return None


def lost(workers: Iterable[Worker], now: float, listening_since: float) -> list[Worker]:
    """Mark the workers that fell silent; what happened before we listened is no silence. Times are steady ones."""
    found = []
    for worker in workers:
        if worker.state == "online" and now - max(worker.heard, listening_since) > silence(worker):
            worker.state = "lost"
            worker.active = None
            found.append(worker)
    return found


def silence(worker: Worker) -> float:
    """Seconds of silence after which a worker is lost."""
    return max((worker.freq or DEFAULT_FREQ) * MISSED_BEATS, SHORTEST_SILENCE)


def ended(worker: Worker) -> list[Judged]:
    """It is gone: the last intervals of its processes are judged."""
    return [found for account in worker.accounts if (found := books.judge(account))]


def forgotten(workers: Collection[Worker], now: float, most: int, after: float = FORGET_AFTER) -> list[str]:
    """Host names of the workers gone for so long that nobody asks for them, and of those that are too many."""
    found = [
        worker.hostname
        for worker in workers
        if worker.state != "online" and now - (worker.last_heartbeat or worker.first_seen) > after
    ]
    if len(workers) - len(found) <= most:
        return found
    # Whatever says that it is a worker is one to us: names without end must not take memory without end.
    by_use = sorted(workers, key=lambda worker: (worker.state == "online", worker.last_heartbeat or worker.first_seen))
    return [worker.hostname for worker in by_use[: len(workers) - most]]


def _begin(worker: Worker, event: Event, pid: int | None, now: float, judged: list[Judged]) -> Account:
    """A process that was not heard of before: another life of the worker, or one beside it."""
    account = Account(pid, now, now)
    before = worker.accounts[-1] if worker.accounts else None
    # One that is still heard may only share the name: then the new one need not have begun after it.
    gone = before is not None and (
        before.pid == pid or worker.state != "online" or now - before.heard > 2 * (worker.freq or DEFAULT_FREQ)
    )
    if before is not None:
        worker.restarts += 1
        worker.since = event.timestamp
        worker.task_events = False
    if before is not None and gone:
        judged += [found for old in worker.accounts if (found := books.judge(old))]
        books.succeed(account, before)
        worker.accounts, worker.shared = [old for old in worker.accounts if old.pid != pid], False
    worker.accounts = [*worker.accounts[1 - PROCESSES :], account]
    return account


def _return(worker: Worker, account: Account) -> None:
    """A process is heard again after another one: two share the name."""
    if not worker.shared:
        worker.shared = True
        worker.restarts = max(0, worker.restarts - 1)
        worker.since = None
    worker.accounts = [*(other for other in worker.accounts if other is not account), account]


def _lives(worker: Worker, now: float, steady: float) -> None:
    worker.state = "online"
    worker.last_heartbeat = now
    worker.heard = steady


def _learn(worker: Worker, event: Event) -> None:
    """What an event says of the worker; what it does not say stays."""
    for field in _LEARNED:
        value = getattr(event, field)
        if value is not None:
            setattr(worker, field, value)


def _time(worker: Worker, sent: float, now: float, prompt: bool) -> None:
    """How far its clock is from ours, and how long the event took. What waited says nothing of the clock: else all that
    is late by as much would seem to be in time."""
    if prompt:
        worker.offset = offsets.observe(worker.offset, sent, now)
        worker.clock_offset = offsets.ahead(worker.offset)
    worker.lag = max(0.0, now - sent - offsets.correction(worker.offset))
