"""Gaps: entries that say from when to when how much is missing of which workers, and why."""

from collections.abc import Iterable

import msgspec

from flower_monitor.truth.account import Judged
from flower_monitor.truth.incidents import Incident, Incidents, Why

#: Workers that a gap names; of the others it says how many.
NAMED = 20

#: Seconds between two findings without a known reason that are still one gap: more than a heartbeat or two.
TOGETHER = 150.0

#: Seconds after which a gap is written for good: by then each worker's next heartbeats have been judged.
OPEN_FOR = 900.0


class Gap(msgspec.Struct, eq=False):
    """Something is missing. Times are ours."""

    id: int
    why: Why
    start: float
    end: float | None
    """None: it still goes on."""

    detail: str | None = None
    missed: int | None = None
    """Tasks that workers started and of whose start no event came; None: no worker has told yet."""

    events: int | None = None
    """Events that were dropped here; None: not known."""

    workers: dict[str, int] = {}
    """Host name -> `missed` of it; NAMED at most."""

    others: set[str] = set()
    """Workers beyond those; only how many is stored."""


class Gaps:
    """The gaps that may still change, and those to be written."""

    def __init__(self, next_id: int = 1) -> None:
        self._next = next_id
        self._incidents = Incidents()
        self._open: dict[int, Gap] = {}
        self.dirty: dict[int, Gap] = {}
        """To be written."""

    def happened(self, incident: Incident) -> None:
        """An incident is new or has changed. One after which nothing should be missing makes no gap by itself."""
        if incident not in self._incidents:
            self._incidents.add(incident)
        if not incident.kept:
            self._of_incident(incident)

    def found(self, hostname: str, judged: Judged) -> None:
        """A worker's interval was judged."""
        incident = self._incidents.between(judged.start, judged.end)
        if not judged.missed:
            if incident is not None and (gap := self._open.get(incident.gap or 0)) is not None and gap.missed is None:
                gap.missed = 0
                self.dirty[gap.id] = gap
            return
        gap = self._of_incident(incident) if incident is not None else self._without_incident(judged)
        add(gap, hostname, judged.missed)
        self.dirty[gap.id] = gap

    def settle(self, now: float) -> None:
        """All of `dirty` is stored: forget what no longer changes."""
        self.dirty = {}
        for number in [g.id for g in self._open.values() if g.end is not None and now - g.end > OPEN_FOR]:
            del self._open[number]

    def _of_incident(self, incident: Incident) -> Gap:
        gap = self._open.get(incident.gap or 0)
        if gap is None:
            gap = self._new(incident.why, incident.start, incident.end)
            incident.gap = gap.id
        gap.why, gap.start, gap.end = incident.why, incident.start, incident.end
        gap.detail, gap.events = incident.detail, incident.events
        self.dirty[gap.id] = gap
        return gap

    def _without_incident(self, judged: Judged) -> Gap:
        """The gap of a finding that nothing explains: that of the findings just before it, or a new one."""
        why: Why = "not-sent" if judged.silent else "unknown"
        gap = last(self._open.values(), why)
        if gap is None or gap.end is None or judged.start - gap.end > TOGETHER:
            return self._new(why, judged.start, judged.end)
        gap.start, gap.end = min(gap.start, judged.start), max(gap.end, judged.end)
        return gap

    def _new(self, why: Why, start: float, end: float | None) -> Gap:
        gap = self._open[self._next] = Gap(self._next, why, start, end)
        self._next += 1
        return gap


def add(gap: Gap, hostname: str, missed: int) -> None:
    """Tasks of a worker belong to a gap."""
    gap.missed = (gap.missed or 0) + missed
    if hostname in gap.workers or len(gap.workers) < NAMED:
        gap.workers[hostname] = gap.workers.get(hostname, 0) + missed
    else:
        gap.others.add(hostname)


def last(gaps: Iterable[Gap], why: Why) -> Gap | None:
    """The newest gap of a kind."""
    return max((gap for gap in gaps if gap.why == why), key=lambda gap: gap.id, default=None)
