"""All workers: what each event says of them, what is missing of them, and what the next commit has to write."""

import math
from collections.abc import Iterable, Mapping

from flower_monitor.fold import worker
from flower_monitor.fold.events import Event
from flower_monitor.fold.worker import Worker
from flower_monitor.truth import account
from flower_monitor.truth.account import Judged
from flower_monitor.truth.gaps import Gaps
from flower_monitor.truth.offset import correction

#: Seconds between looks at who fell silent.
CHECK_EVERY = 1.0

#: Seconds from one look to the next after which it was us who stood still: what workers said meanwhile waits unread,
#: and takes a while to be read. So silence counts from then.
STOOD_STILL = 5.0

#: Most workers known, some 2 kB each: past it those that were silent longest are forgotten.
MOST_WORKERS = 50_000

#: Seconds after its goodbye in which a worker's last events may still come.
LAST_EVENTS = 5.0


class Workers:
    """The workers known. `now` is our clock, `steady` one that nobody sets.

    Args:
        known: Those of before.
        gaps: What was missed.
        forget_after: Seconds after which one that is offline or lost is forgotten.
    """

    def __init__(self, known: Iterable[Worker], gaps: Gaps, forget_after: float = worker.FORGET_AFTER) -> None:
        self._forget_after = forget_after
        self._known = {found.hostname: found for found in known}
        self.gaps = gaps
        self._checked = self._awake = float("-inf")
        self._leaving: dict[str, float] = {}
        """Host names that said goodbye -> when, steady; until their last interval is judged."""

        self.due = self.missed = 0
        """Tasks that workers say they started, and those of whose start no event came; since the last `settle`."""

        self.dirty: dict[str, Worker] = {}
        """To be written."""

        self.gone: list[str] = []
        """Host names to be deleted."""

    def fold(self, event: Event, now: float, steady: float, prompt: bool = True) -> None:
        """Fold in an event of a worker about itself. `prompt`: it did not wait for us."""
        found = self._touch(event.hostname, now)
        if judged := worker.apply(found, event, now, steady, prompt):
            self._found(found, judged)
        if found.state == "offline":
            self._leaving[event.hostname] = steady

    def started(self, events: Iterable[Event], now: float) -> None:
        """Task-started events were folded."""
        known, count = self._known, account.started
        for event in events:
            found = known.get(event.hostname) or self._touch(event.hostname, now)
            # The process heard last, as nearly always, without a search for it.
            if (books := found.accounts) and books[-1].pid == event.pid:
                count(books[-1], event)
            elif judged := worker.started(found, event, now):
                self._found(found, judged)

    def worked(self, counts: Mapping[tuple[str, str], int], now: float, steady: float) -> None:
        """Task events were folded: host name and type -> how many."""
        for (hostname, kind), count in counts.items():
            worker.worked(self._touch(hostname, now), kind, count, now, steady)

    def check(self, now: float, steady: float, listening_since: float | None) -> list[Worker]:
        """Those that were lost since the last look; none while we hear nobody (`listening_since` is steady)."""
        if listening_since is None or steady - self._checked < CHECK_EVERY:
            return []
        if STOOD_STILL < steady - self._checked < math.inf:
            self._awake = steady
        self._checked = steady
        found = worker.lost(self._known.values(), steady, max(listening_since, self._awake))
        self.dirty.update((lost.hostname, lost) for lost in found)
        for hostname in worker.forgotten(self._known.values(), now, MOST_WORKERS, self._forget_after):
            del self._known[hostname]
            self.dirty.pop(hostname, None)
            self.gone.append(hostname)
        self._close(found, steady)
        return found

    def took(self, event: Event, now: float) -> float | None:
        """Seconds from an event to a time, by our clock; None when its sender is no worker that was heard."""
        found = self._known.get(event.hostname)
        return None if found is None else now - event.timestamp - correction(found.offset)

    def settle(self, now: float) -> None:
        """All of `dirty` and `gone`, and the gaps, is stored."""
        self.gaps.settle(now)
        self.dirty = {}
        self.gone = []
        self.due = self.missed = 0

    def _touch(self, hostname: str, now: float) -> Worker:
        found = self._known.get(hostname)
        if found is None:
            found = self._known[hostname] = Worker(hostname, now)
        self.dirty[hostname] = found
        return found

    def _close(self, lost: Iterable[Worker], steady: float) -> None:
        """What the books of workers that are gone still hold open is judged, once their last events are here."""
        for found in lost:
            self._found(found, worker.ended(found))
        for hostname in [name for name, since in self._leaving.items() if steady - since > LAST_EVENTS]:
            del self._leaving[hostname]
            left = self._known.get(hostname)
            if left is not None and left.state == "offline":
                self._found(left, worker.ended(left))
                self.dirty[hostname] = left

    def _found(self, found: Worker, judged: Iterable[Judged]) -> None:
        for one in judged:
            found.tasks_due += one.due
            found.tasks_missed += one.missed
            self.due += one.due
            self.missed += one.missed
            self.gaps.found(found.hostname, one)
