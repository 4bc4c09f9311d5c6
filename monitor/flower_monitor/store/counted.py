"""What is counted of tasks' events, as metrics are made of it.

Frozen and hashable, so that who renders a row can tell whether it is another than the last time.
"""

from collections.abc import Iterator

import msgspec

_texts = msgspec.json.Decoder(list[str]).decode
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
        return zip(_texts(self.tasks), _numbers(self.counts), strict=True)

    def by_queue(self) -> Iterator[tuple[str, str, int]]:
        """Task, queue ("" for none that is known) and how many."""
        return zip(_texts(self.tasks), _texts(self.queues), _numbers(self.counts), strict=True)


class TimesRow(msgspec.Struct, frozen=True, gc=False):
    """How long a task's attempts took on a worker, or waited for it; packed as JSON lists, which belong together."""

    worker: str
    task: str
    queue: str
    """"" for none that is known."""

    places: str
    """Places of buckets that have a count; the one past the last is +Inf."""

    counts: str
    sum: float

    def add_to(self, buckets: list[int]) -> None:
        """Add the counts to those of all buckets, each for itself: not cumulative."""
        for place, n in zip(_numbers(self.places), _numbers(self.counts), strict=True):
            buckets[place] += n


class FailureRow(msgspec.Struct, frozen=True, gc=False):
    """Failures of a task on a worker of one class of exception."""

    worker: str
    task: str
    queue: str
    exception: str
    """Its class; "" past the bound on series."""

    n: int
    uuid: str
    """Of the last."""

    at: float


class SlowestRow(msgspec.Struct, frozen=True, gc=False):
    """A task that took long on a worker: the slowest success of the last hour, or of some hour before."""

    worker: str
    task: str
    queue: str
    uuid: str
    ran: float
    """Seconds."""

    at: float


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
