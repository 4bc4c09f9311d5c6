"""How long tasks waited and ran, and what they failed of, by sender, name and queue: the part of the metrics that a
batch adds.

Buckets and not the rollups' sketches: a histogram of Prometheus only grows, and rollups end with their age.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Hashable
from datetime import datetime
from typing import TypeVar

from flower_monitor.constants import RUNTIME_BUCKETS, WAIT_BUCKETS
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner

#: Most series of failures by their exceptions; what is new after them is counted without its exception.
FAILURES = 10_000

#: Most kinds of which the slowest is remembered, to write it only when it is another.
REMEMBERED = 20_000

#: Seconds after which a task that was the slowest gives way to any later one: who looks for it should still find it.
SLOWEST_KEPT = 3600.0

#: What celery-exporter calls an exception whose text does not begin with a class.
UNKNOWN = "UnknownException"

#: Sender, event code, task name, queue: what an event was counted as. Only the code is none of an id.
Series = tuple[int, int, int, int]

#: Sender, task name, queue.
Kind = tuple[int, int, int]

#: Sender, task name, queue, place of a bucket.
Place = tuple[int, int, int, int]

#: Sender, task name, queue, exception.
Failure = tuple[int, int, int, int]

_CLASS = re.compile(r"[A-Za-z_][\w.]*(?=\()")

Key = TypeVar("Key", bound=Hashable)


class Measures:
    """What the next commit adds."""

    def __init__(self, names: Interner) -> None:
        self._names = names
        self._failing: set[Failure] = set()
        self._slowest: dict[Kind, tuple[float, float]] = {}
        self.settle()

    def settle(self) -> None:
        """All is stored."""
        self.runtimes: dict[Place, list[float]] = {}
        """How many ran so long, and seconds together; the place is one in RUNTIME_BUCKETS."""

        self.waits: dict[Place, list[float]] = {}
        """The same of how long they waited, in WAIT_BUCKETS."""

        self.failures: dict[Failure, tuple[int, r.Key, float]] = {}
        """How many, and the last: its uuid and when."""

        self.slowest: dict[Kind, tuple[float, r.Key, float]] = {}
        """Of what succeeded: seconds, uuid and when."""

    def started(self, row: r.Row, series: Series) -> None:
        """An attempt began."""
        seconds = queued(row)
        if seconds is not None:
            sender, _, name, queue = series
            _add(self.waits, (sender, name, queue, bisect_left(WAIT_BUCKETS, seconds)), seconds)

    def ran(self, row: r.Row, series: Series, event: Event, seconds: float) -> None:
        """An attempt succeeded after some seconds."""
        sender, _, name, queue = series
        _add(self.runtimes, (sender, name, queue, bisect_left(RUNTIME_BUCKETS, seconds)), seconds)
        kind = (sender, name, queue)
        slowest = self._slowest.get(kind)
        if slowest is None or seconds >= slowest[0] or event.timestamp > slowest[1] + SLOWEST_KEPT:
            self._remember(kind, seconds, row[r.UUID], event.timestamp)

    def failed(self, row: r.Row, series: Series, event: Event) -> None:
        """An attempt failed."""
        sender, _, name, queue = series
        key = self._bounded((sender, name, queue, self._names.number(exception_class(event.exception))))
        n = self.failures[key][0] if key in self.failures else 0
        self.failures[key] = (n + 1, row[r.UUID], event.timestamp)

    def forget(self, senders: Collection[int]) -> None:
        """These begin anew."""
        self._failing = {failure for failure in self._failing if failure[0] not in senders}
        self._slowest = {kind: one for kind, one in self._slowest.items() if kind[0] not in senders}

    def _remember(self, kind: Kind, seconds: float, uuid: r.Key, at: float) -> None:
        if len(self._slowest) >= REMEMBERED:
            self._slowest.clear()
        self._slowest[kind] = (seconds, at)
        self.slowest[kind] = (seconds, uuid, at)

    def _bounded(self, key: Failure) -> Failure:
        """Under its exception while there is room for more."""
        if key not in self._failing:
            if len(self._failing) >= FAILURES:
                return (*key[:3], 0)
            self._failing.add(key)
        return key


def queued(row: r.Row) -> float | None:
    """Seconds from when a task was sent, or was to start (ETA), to its start; None when that is not known."""
    sent: float | None = row[r.SENT]
    started: float | None = row[r.STARTED]
    eta: str | None = row[r.ETA]
    if sent is None or started is None:
        return None
    if eta is not None:
        try:
            sent = max(sent, datetime.fromisoformat(eta).timestamp())
        except (ValueError, OverflowError):
            return None  # no time that anybody could wait for
    return max(0.0, started - sent)


def exception_class(text: str | None) -> str:
    """The class that an exception's repr begins with."""
    found = _CLASS.match(text or "")
    return found[0] if found else UNKNOWN


def _add(sums: dict[Key, list[float]], key: Key, value: float) -> None:
    """Count a value, and add it to the sum."""
    found = sums.get(key)
    if found is None:
        sums[key] = [1, value]
    else:
        found[0] += 1
        found[1] += value
