"""What is counted of tasks' events, as metrics are made of it.

Frozen and hashable, so that who renders a row can tell whether it is another than the last time.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from flower_monitor.fold import row as r

#: Unpacks tasks or queues.
texts = msgspec.json.Decoder(list[str]).decode
_numbers = msgspec.json.Decoder(list[int]).decode


class EventCounts(msgspec.Struct, frozen=True, gc=False):
    """Events of one type by one worker (or publisher), by task and queue; packed as JSON lists that belong together."""

    sender: str
    type: str
    tasks: str
    """The same one may stand there several times: once for each queue."""

    counts: str
    queues: str = "[]"
    """Empty when it was not asked for."""

    def by_task(self) -> Iterator[tuple[str, int]]:
        """Task ("" for none) and how many."""
        return zip(texts(self.tasks), self.numbers(), strict=True)

    def by_queue(self) -> Iterator[tuple[str, str, int]]:
        """Task, queue ("" for none that is known) and how many."""
        return zip(texts(self.tasks), texts(self.queues), self.numbers(), strict=True)

    def numbers(self) -> list[int]:
        """How many of each."""
        return _numbers(self.counts)


class TimesRow(msgspec.Struct, frozen=True, gc=False):
    """How long a task's attempts took on a worker, or waited for it."""

    worker: str
    task: str
    queue: str
    """"" for none that is known."""

    buckets: tuple[int, ...]
    """How many in each bucket, each for itself: not cumulative. The one past the last bound is +Inf."""

    sum: float
    """Seconds together."""


class Runtimes(NamedTuple):
    """Run times of successes, in constants.RUNTIME_BUCKETS."""

    series: list[TimesRow]
    """By worker, task and queue."""

    totals: list[TimesRow]
    """By task and queue, over all workers there ever were; the worker is ""."""


def added(rows: Sequence[TimesRow]) -> tuple[tuple[int, ...], float]:
    """The buckets of some rows together, and their seconds."""
    if len(rows) == 1:
        return rows[0].buckets, rows[0].sum
    return tuple(map(sum, zip(*[row.buckets for row in rows], strict=True))), math.fsum([row.sum for row in rows])


class FailureRow(msgspec.Struct, frozen=True, gc=False):
    """Failures of a task on a worker of one class of exception."""

    worker: str
    task: str
    queue: str
    exception: str
    """Its class; "" past the bound on series."""

    n: int
    key: r.Key
    """Of the last, as it is stored: few are shown."""

    at: float

    @property
    def uuid(self) -> str:
        """Id of the last."""
        return r.text(self.key)


class SlowestRow(msgspec.Struct, frozen=True, gc=False):
    """A task that took long on a worker: the slowest success of the last hour, or of some hour before."""

    worker: str
    task: str
    queue: str
    key: r.Key
    """Its id, as it is stored."""

    ran: float
    """Seconds."""

    at: float

    @property
    def uuid(self) -> str:
        """Its id."""
        return r.text(self.key)


class TotalRow(msgspec.Struct, frozen=True, gc=False):
    """Events of one type, of all workers or publishers."""

    type: str
    task: str
    queue: str
    n: int


class PrefetchRow(msgspec.Struct, frozen=True, gc=False):
    """What of a task waits or runs on a worker now."""

    worker: str
    task: str
    waiting: int
    """Received, not started, and not to be started at a time of its own (ETA)."""

    waited: float
    """Seconds between received and started of the newest that runs; 0 when none does."""
