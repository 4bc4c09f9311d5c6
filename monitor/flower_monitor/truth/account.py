"""One worker process: the tasks that it says it accepted against the task-started events that were seen of it.

Celery counts a task (`processed`) at the moment in which it sends task-started, in one process. So between two
heartbeats exactly so many task-started events must come as `processed` grew. A worker sends task events in small
heaps that may stand behind the heartbeat that counts them. Therefore what tells on which side of a heartbeat an event
belongs is its logical clock, which its process moves on with each event it makes (the time, where a sender has no
such clock), and an interval is judged one heartbeat later, when that heap is here too.
"""

from typing import NamedTuple

import msgspec

from flower_monitor.fold.events import Event


class Account(msgspec.Struct, array_like=True):
    """The books of one process. It is stored with its worker, so a restart of the monitor misses nothing."""

    pid: int | None
    opened: float
    """When it was first heard of, our clock."""

    heard: float
    """When its last beat came, our clock."""

    time: float | None = None
    """Its time of its last beat; None: none yet."""

    at: float = 0.0
    """Its logical clock at that beat; the time where it has none."""

    count: int = 0
    """`processed` of that beat."""

    since: float | None = None
    """Where the interval up to `at` begins, as `at`; None: that one can't be judged."""

    base: int = 0
    """`processed` at `since`."""

    since_heard: float = 0.0
    """When the beat at `since` came, our clock."""

    before: int = 0
    """Started events seen in the interval."""

    after: int = 0
    """Started events seen later than `at`."""

    strange: int = 0
    """Started events that are later by their time and not by their clock: of a process that began anew, it seems."""

    due: int = 0
    """Started events that should have come, in all intervals judged."""

    missed: int = 0
    """Of these those that did not."""


class Judged(NamedTuple):
    """An interval that was looked at. Times are ours, of the beats at its ends."""

    start: float
    end: float
    due: int
    missed: int
    silent: bool
    """Until then not one task-started of this process was ever seen, though it did start tasks: it sends none."""


def started(account: Account, event: Event) -> None:
    """A task-started event came."""
    clock = event.clock
    at = event.timestamp if clock is None else clock
    if at > account.at or account.time is None:
        account.after += 1
    elif account.since is not None and at > account.since:
        account.before += 1
    elif event.timestamp > account.time:
        account.strange += 1


def late(account: Account, event: Event) -> bool:
    """Whether a beat says nothing new: it was overtaken, or came twice. A clock that was set back makes none late."""
    if account.time is None:
        return False
    if event.clock is None:
        return event.timestamp < account.time
    return event.timestamp <= account.time and event.clock <= account.at


def restarted(account: Account, event: Event) -> bool:
    """Whether a beat that is not late is of another process with the same pid: in a container it is always the same."""
    fell = event.clock is not None and event.clock < account.at
    return fell or (event.processed is not None and event.processed < account.count)


def beat(account: Account, event: Event, now: float) -> Judged | None:
    """A heartbeat came: the interval before the last one is judged."""
    judged = None
    if account.time is not None:
        judged = judge(account)
        account.since, account.base, account.since_heard = account.at, account.count, account.heard
    account.before, account.after, account.strange = account.after, 0, 0
    account.time, account.heard = event.timestamp, now
    account.at = event.timestamp if event.clock is None else event.clock
    if event.processed is None:
        account.since = None
    else:
        account.count = event.processed
    return judged


def judge(account: Account) -> Judged | None:
    """The interval up to the last beat, closed; None when it can't be judged."""
    if account.since is None:
        return None
    due = account.count - account.base
    missed = max(0, due - account.before)
    silent = account.due == account.missed and (account.due > 0 or not account.before)
    account.due += due
    account.missed += missed
    account.since = None
    return Judged(account.since_heard, account.heard, due, missed, silent)


def succeed(account: Account, old: Account) -> None:
    """This process took the place of an old one: it began to count from 0 after that was last heard."""
    account.since, account.base, account.since_heard = -1.0, 0, old.heard
    if account.pid == old.pid:
        # Whose these are can't be told for sure; so what is missing is at least what is said.
        account.after = old.after + old.strange
