"""Many events into many tasks: what is held of them between commits, and what the next commit has to write.

In memory are the unfinished tasks and the newest finished ones, both bounded and without their texts; for others
the store is asked.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from flower_monitor import fields
from flower_monitor.constants import LAST_FINISHED, EventCode, State
from flower_monitor.fold import row as r
from flower_monitor.fold import task
from flower_monitor.fold.custom import CustomEvent
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner
from flower_monitor.fold.measures import Measures, Series
from flower_monitor.fold.only_queues import OnlyQueues
from flower_monitor.fold.outbox import Outbox
from flower_monitor.fold.sums import Slot, Sums
from flower_monitor.fold.told import Telling, Told
from flower_monitor.fold.untold import MOST, VAIN, Untold
from flower_monitor.fold.wrapped import WRAPPED, unwrapped
from flower_monitor.protect import Protection

#: Most unfinished tasks in memory, about 0.8 kB each. Others are read back when an event comes: 20 us each.
UNFINISHED = 50_000

#: Most finished ones: for what comes late or twice.
FINISHED = 3_000

#: Most series of (sender, type, name, queue) counted apart; what is new after them is counted by type alone.
SERIES = 50_000

#: Most pairs of name and queue summed up apart since the start; what is new after them is summed up without either.
SUMMED = 10_000

#: Seconds that an event's clock may be ahead before its minute in the rollups is ours.
AHEAD = 120.0

#: Codes of the events that rollups count: an attempt ended.
_ENDED = range(EventCode.SUCCEEDED.value, EventCode.REJECTED.value + 1)

_SENT = EventCode.SENT.value
_STARTED = EventCode.STARTED.value
_FAILED = EventCode.FAILED.value
#: The first code of an event whose fields are told: those after it are task-rejected and custom ones.
_REVOKED = EventCode.REVOKED.value
_LAST_FINISHED = LAST_FINISHED.value
_PENDING, _REJECTED = State.PENDING.value, State.REJECTED.value


_CLIENT = re.compile(r"gen\d+@")

#: Clients remembered.
_CLIENTS = 20_000


class Stored(Protocol):
    """Where tasks are that are not in memory."""

    def find(self, key: r.Key) -> r.Row | None:
        """The row of a uuid; None: there is none."""

    def numbered(self, key: r.Key, number: int) -> None:
        """From now on a uuid is that of a task with this id; ids only grow."""


class Tasks:
    """The tasks that events are folded into."""

    def __init__(self, names: Interner, stored: Stored, next_id: int, series: Iterable[Series] = ()) -> None:
        self._names = names
        self._stored = stored
        self._series = set(series)
        self._summed: set[tuple[int, int]] = set()
        self._clients: dict[int, int] = {}
        self._untold: list[Untold] = []
        self._patience = VAIN
        """Events that may still wait for a task-sent event in vain."""

        self.outbox = Outbox(next_id)
        self.unfinished: dict[str, r.Row] = {}
        self.finished: dict[str, r.Row] = {}
        self.tally: dict[int, int] = {}
        """State -> how many more tasks are in it."""

        self.counts: dict[Series, int] = {}
        """Events folded, without those that came twice."""

        self.starts: list[Event] = []
        """Of these the task-started ones, until somebody takes them: workers' own counts are held against them."""

        self.texts: dict[Series, tuple[str, str]] = {}
        """The sender's host name and the type, for each of `counts`."""

        self.rollup: dict[Slot, Sums] = {}
        """What ended, by minute, name, queue and state."""

        self.consumption = OnlyQueues(names)
        """The only queues of workers, for what is counted of tasks whose own queue nobody told."""

        self.told: dict[str, Telling] = {}
        """What custom events, and those of revocations, told, by uuid."""

        self.measures = Measures(names)
        """How long tasks waited and ran, and what they failed of."""

    def fold(self, events: Iterable[Event], now: float, protection: Protection | None = None) -> None:
        """Fold task events in, in their order. Each must have a uuid. `protection`: what is done to their texts."""
        # What each event runs through stands here and not in functions of its own: a call costs as much as it does.
        kinds, names, new, changes = task.KINDS, self._names, self.outbox.new, self.outbox.changes
        unfinished, finished = self.unfinished, self.finished
        counts, tally, known, apply, starts = self.counts, self.tally, names.known, task.apply, self.starts
        waiting, clients = self.measures.started, self._clients
        # Hardly ever does an event come before the word of its queue; where nobody sends that word none waits for it.
        untold = self._untold if self._patience > 0 else None
        consumed = self.consumption.of if self.consumption else None
        for event in events:
            uuid = event.uuid or ""
            row = unfinished.get(uuid) or finished.get(uuid) or self._fetch(uuid, event)
            kind = kinds.get(event.type) or task.kind(event, names)
            code = kind[0]
            sender = known.get(event.hostname) or names.number(event.hostname)
            if uuid not in new:
                changes(uuid, row, code, sender)
            # Before a traceback is cut: its end tells.
            if code == _FAILED and event.exception == WRAPPED:
                event.exception = unwrapped(event.traceback)
            if protection is not None:
                protection.apply(event, row, event.name or names.text(row[r.NAME]))
            before = row[r.STATE]
            if not apply(row, event, sender, kind, names):
                continue
            after = row[r.STATE]
            if after != before:
                tally[before] = tally.get(before, 0) - 1
                tally[after] = tally.get(after, 0) + 1
            if code >= _REVOKED and isinstance(event, CustomEvent):
                self._tell(row, code, sender, event, protection)
            queue = row[r.QUEUE]
            if queue is None and untold is not None and code != _SENT and len(untold) < MOST:
                untold.append(Untold(row, row.copy(), event, code, sender, kind[1], now))
                if code == _STARTED:
                    starts.append(event)
                continue
            counted = sender if code != _SENT else clients.get(sender) or self._client(sender, event.hostname)
            key = (counted, code, row[r.NAME] or 0, queue or (consumed(event.hostname) if consumed else 0))
            count = counts.get(key)
            if count is None:
                key = self._count_first(key, event)
            else:
                counts[key] = count + 1
            if code == _STARTED:
                starts.append(event)
                waiting(row, key)
            elif code in _ENDED:
                self._ended(row, key, kind[1], event, now)

    def prepare(self, hold: bool = False) -> None:
        """Decide what the next commit writes. `hold`: it may leave out new tasks that are likely to end soon."""
        self.count_untold()
        self.outbox.prepare(hold, self._stored.numbered)

    def count_untold(self) -> None:
        """Count the events that waited for word of their queue."""
        untold, self._untold = self._untold, []
        for one in untold:
            row = one.completed()
            self._patience = VAIN if row[r.QUEUE] is not None else self._patience - 1
            self._count(one, row)

    def take_back(self, row: r.Row) -> None:
        """A task that was held back when the monitor ended; it is counted already."""
        uuid = r.text(row[r.UUID])
        self.unfinished[uuid] = row
        self.outbox.add(uuid, row)

    def settle(self) -> None:
        """All that was prepared is stored: drop texts, let go of what memory has no room for."""
        unfinished, finished = self.unfinished, self.finished
        for group in self.outbox.prepared:
            for uuid, row in group.items():
                row[r.TEXTS] = r.NO_TEXTS
                if row[r.STATE] <= _LAST_FINISHED:
                    unfinished.pop(uuid, None)
                    finished.pop(uuid, None)  # the newest stand last
                    finished[uuid] = row
                elif uuid in finished:
                    unfinished[uuid] = finished.pop(uuid)
        self.outbox.settle()
        self.tally, self.counts, self.texts, self.rollup, self.told = {}, {}, {}, {}, {}
        self.measures.settle()
        _trim(self.unfinished, UNFINISHED)
        _trim(self.finished, FINISHED)

    def _fetch(self, uuid: str, event: Event) -> r.Row:
        """The task of an event when it is not at hand: one that is held back, the stored one, or a new one."""
        row = self.outbox.new.get(uuid)
        if row is not None:
            return row
        key = r.key(uuid)
        row = self._stored.find(key)
        if row is None:
            row = task.new(key, event)
            self.outbox.add(uuid, row)
            self.tally[_PENDING] = self.tally.get(_PENDING, 0) + 1
        else:
            row[r.TEXTS] = r.NO_TEXTS
        self.unfinished[uuid] = row
        return row

    def forget(self, senders: Collection[int]) -> None:
        """Nothing is counted under these any more; if they come again, they begin anew."""
        self._series = {series for series in self._series if series[0] not in senders}
        self.measures.forget(senders)

    def _client(self, sender: int, hostname: str) -> int:
        """The number that a client's events are counted under."""
        name = counted_as(hostname)
        found = sender if name == hostname else self._names.number(name)
        if len(self._clients) >= _CLIENTS:
            self._clients.clear()
        self._clients[sender] = found
        return found

    def _count(self, one: Untold, row: r.Row) -> None:
        """Count an event that waited; `row`: its task."""
        queue = row[r.QUEUE] or self.consumption.of(one.event.hostname)
        key = (one.sender, one.code, row[r.NAME] or 0, queue)
        if key in self.counts:
            self.counts[key] += 1
        else:
            key = self._count_first(key, one.event)
        if one.code == _STARTED:
            self.measures.started(row, key)
        elif one.code in _ENDED:
            self._ended(row, key, one.state, one.event, one.now)

    def _count_first(self, key: Series, event: Event) -> Series:
        """Count the first event of a series in this batch: under its own name while there is room for more.

        Returns what it was counted as.
        """
        if key[1] == _SENT:
            self._patience = VAIN
        if key not in self._series:
            if len(self._series) >= SERIES:
                key = (0, key[1], 0, 0)
            self._series.add(key)
        self.counts[key] = self.counts.get(key, 0) + 1
        self.texts[key] = (event.hostname, event.type)
        return key

    def _tell(self, row: r.Row, code: int, sender: int, event: CustomEvent, protection: Protection | None) -> None:
        """Keep what an event told in fields of its own."""
        uuid, hides = event.uuid or "", protection.hides(self._names.text(row[r.NAME])) if protection else ()
        self.outbox.hurry(uuid)
        told = Told(code, sender, event.timestamp, fields.protected(event.fields, hides))
        self.told.setdefault(uuid, Telling(row, [])).add(told)

    def _ended(self, row: r.Row, series: Series, state: int, event: Event, now: float) -> None:
        """Sum up an attempt that ended. Celery 5.7 says of one that it failed before it says that it was rejected."""
        if state == _REJECTED != row[r.STATE]:
            return
        time = event.timestamp if event.timestamp < now + AHEAD else now
        kind = (row[r.NAME] or 0, row[r.QUEUE] or 0)
        if kind not in self._summed:
            kind = self._sum_first(kind)
        slot = (int(time // 60), kind[0], kind[1], state)
        sums = self.rollup.get(slot)
        if sums is None:
            sums = self.rollup[slot] = Sums()
        sums.ended(waited(row), event.runtime)
        if event.runtime:
            self.measures.ran(row, series, event, event.runtime)
        if series[1] == _FAILED:
            self.measures.failed(row, series, event)

    def _sum_first(self, kind: tuple[int, int]) -> tuple[int, int]:
        """The name and queue to sum up under: their own while there is room for more."""
        if len(self._summed) >= SUMMED:
            return (0, 0)
        self._summed.add(kind)
        return kind


def counted_as(hostname: str) -> str:
    """The name that a client's events are counted under: without the process id of Celery's `gen<pid>@host`
    (`celery.utils.nodenames.anon_nodename`), or each process that ever sends a task would be a series for ever."""
    return _CLIENT.sub("gen@", hostname, count=1) if _CLIENT.match(hostname) else hostname


def waited(row: r.Row) -> float | None:
    """Seconds from sent (received, when that is not known) to started; None when it was told not to start at once."""
    sent, started = row[r.SENT] or row[r.RECEIVED], row[r.STARTED]
    if sent is None or started is None or row[r.ETA] is not None:
        return None
    return started - sent if started > sent else 0.0


def _trim(held: dict[str, r.Row], bound: int) -> None:
    """Forget the oldest past the bound."""
    excess: Iterator[str] = iter(list(held)[: len(held) - bound]) if len(held) > bound else iter(())
    for uuid in excess:
        del held[uuid]
