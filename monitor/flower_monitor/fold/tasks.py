"""Many events into many tasks: what is held of them between commits, and what the next commit has to write.

In memory are the unfinished tasks and the newest finished ones, both bounded and without their texts; for others
the store is asked first (`missing`, then `adopt`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Protocol

from flower_monitor.constants import LAST_FINISHED, RUNTIME_BUCKETS, EventCode, State
from flower_monitor.fold import row as r
from flower_monitor.fold import task
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner

#: Most unfinished tasks in memory, about 0.8 kB each. Others are read back when an event comes: 20 us each.
UNFINISHED = 50_000

#: Most finished ones: for what comes late or twice.
FINISHED = 3_000

#: Most series of (sender, type, name) counted apart; what is new after them is counted by type alone.
SERIES = 50_000

#: Seconds that an event's clock may be ahead before its minute in the rollups is ours.
AHEAD = 120.0

#: Codes of the events that rollups count: an attempt ended.
_ENDED = range(EventCode.SUCCEEDED.value, EventCode.REVOKED.value + 1)

_LAST_FINISHED = LAST_FINISHED.value
_PENDING = State.PENDING.value

#: Sender, event code, task name.
Series = tuple[int, int, int]

#: Minute, name, queue, state.
Slot = tuple[int, int, int, int]


class Remembers(Protocol):
    """Is told of each new task, so that it is found again."""

    def add(self, key: r.Key, number: int) -> None:
        """A task has this uuid and this id."""


class Tasks:
    """The tasks that events are folded into."""

    def __init__(self, names: Interner, filters: Remembers, next_id: int, series: Iterable[Series] = ()) -> None:
        self._names = names
        self._filters = filters
        self._series = set(series)
        self.next_id = next_id
        self.unfinished: dict[str, r.Row] = {}
        self.finished: dict[str, r.Row] = {}
        self.new: dict[str, r.Row] = {}
        """Rows to insert."""

        self.dirty: dict[str, r.Row] = {}
        """Rows to update."""

        self.tally: dict[int, int] = {}
        """State -> how many more tasks are in it."""

        self.counts: dict[Series, int] = {}
        """Events folded, without those that came twice."""

        self.rollup: dict[Slot, list[float]] = {}
        """Slot -> how many ended, and the sum of their run times."""

        self.runtimes: dict[tuple[int, int, int], list[float]] = {}
        """Sender, name, place in RUNTIME_BUCKETS -> how many ran so long, and the sum."""

    def missing(self, events: Iterable[Event]) -> list[str]:
        """Tasks of these events that are not in memory."""
        unfinished, finished = self.unfinished, self.finished
        uuids = {event.uuid for event in events}
        return [uuid for uuid in uuids if uuid is not None and uuid not in unfinished and uuid not in finished]

    def adopt(self, uuid: str, row: r.Row) -> None:
        """Take a stored task into memory; `settle` puts it where it belongs."""
        row[r.TEXTS] = r.NO_TEXTS
        self.unfinished[uuid] = row

    def fold(self, events: Iterable[Event], now: float) -> None:
        """Fold task events in, in their order. Each must have a uuid."""
        kinds, names, counts, series = task.KINDS, self._names, self.counts, self._series
        for event in events:
            code, state, column = kinds.get(event.type) or task.kind(event, names)
            row = self._row(event)
            before = row[r.STATE]
            if not task.apply(row, event, code, state, column, names):
                continue
            if row[r.STATE] != before:
                self._moved(before, row[r.STATE])
            key = (names.number(event.hostname), code, row[r.NAME] or 0)
            if key not in series:
                key = self._admitted(key)
            counts[key] = counts.get(key, 0) + 1
            if code in _ENDED:
                self._ended(row, state, event, now)
                if event.runtime:
                    self._ran(key, event.runtime)

    def settle(self) -> None:
        """All of `new` and `dirty` is stored: drop texts, let go of what memory has no room for."""
        for group in (self.new, self.dirty):
            for uuid, row in group.items():
                row[r.TEXTS] = r.NO_TEXTS
                self._place(uuid, row)
        self.new, self.dirty = {}, {}
        self.tally, self.counts, self.rollup, self.runtimes = {}, {}, {}, {}
        _trim(self.unfinished, UNFINISHED)
        _trim(self.finished, FINISHED)

    def _row(self, event: Event) -> r.Row:
        """The task of an event, marked as to be written."""
        uuid = event.uuid or ""
        row = self.unfinished.get(uuid) or self.finished.get(uuid)
        if row is None:
            row = self._create(uuid, event)
        elif uuid not in self.new:
            self.dirty[uuid] = row
        return row

    def _create(self, uuid: str, event: Event) -> r.Row:
        number = self.next_id
        self.next_id = number + 1
        row = self.new[uuid] = self.unfinished[uuid] = task.new(number, uuid, event)
        self._filters.add(row[r.UUID], number)
        self.tally[_PENDING] = self.tally.get(_PENDING, 0) + 1
        return row

    def _moved(self, before: int, after: int) -> None:
        tally = self.tally
        tally[before] = tally.get(before, 0) - 1
        tally[after] = tally.get(after, 0) + 1

    def _admitted(self, key: Series) -> Series:
        """The series to count under: its own while there is room."""
        if len(self._series) >= SERIES:
            key = (0, key[1], 0)
        self._series.add(key)
        return key

    def _ran(self, series: Series, runtime: float) -> None:
        key = (series[0], series[2], bisect_left(RUNTIME_BUCKETS, runtime))
        sums = self.runtimes.get(key)
        if sums is None:
            sums = self.runtimes[key] = [0, 0.0]
        sums[0] += 1
        sums[1] += runtime

    def _ended(self, row: r.Row, state: int, event: Event, now: float) -> None:
        time = event.timestamp if event.timestamp < now + AHEAD else now
        slot = (int(time // 60), row[r.NAME] or 0, row[r.QUEUE] or 0, state)
        sums = self.rollup.get(slot)
        if sums is None:
            sums = self.rollup[slot] = [0, 0.0]
        sums[0] += 1
        sums[1] += event.runtime or 0.0

    def _place(self, uuid: str, row: r.Row) -> None:
        """Among the finished or the unfinished."""
        if row[r.STATE] <= _LAST_FINISHED:
            self.unfinished.pop(uuid, None)
            self.finished.pop(uuid, None)
            self.finished[uuid] = row
        elif self.finished.pop(uuid, None) is not None:
            self.unfinished[uuid] = row


def _trim(held: dict[str, r.Row], bound: int) -> None:
    """Forget the oldest past the bound."""
    excess: Iterator[str] = iter(list(held)[: len(held) - bound]) if len(held) > bound else iter(())
    for uuid in excess:
        del held[uuid]
