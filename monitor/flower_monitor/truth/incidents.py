"""What happened to the monitor itself, from when to when: the reasons for what is missing. Our clock throughout."""

from collections import deque
from collections.abc import Iterator
from typing import Literal

import msgspec

#: Why events are missing.
Why = Literal["stopped", "disconnected", "cut-off", "dropped", "not-sent", "unknown"]

#: Incidents remembered: gaps are explained within a few heartbeats, and a storm of cuts needs no more.
REMEMBERED = 256

#: Seconds by which what was dropped can be noticed later than it happened: what stands in the buffer comes first.
SLACK = 5.0

#: Seconds by which an incident can end before one that is known before it.
LONGEST_LATE = 60.0


class Incident(msgspec.Struct, eq=False):
    """Something by which events may be lost."""

    why: Why
    start: float
    end: float | None
    """None: it still goes on."""

    detail: str | None = None
    """What exactly, in words."""

    events: int | None = None
    """Events known to be lost by it, from what was dropped; None: not known."""

    kept: bool = False
    """The broker keeps what comes meanwhile: nothing should be lost."""

    gap: int | None = None
    """The gap that it made."""


class Incidents:
    """The newest incidents, oldest first."""

    def __init__(self) -> None:
        self._known: deque[Incident] = deque(maxlen=REMEMBERED)

    def add(self, incident: Incident) -> None:
        """One more."""
        self._known.append(incident)

    def __iter__(self) -> Iterator[Incident]:
        return iter(self._known)

    def between(self, start: float, end: float) -> Incident | None:
        """The one that explains that events between two times are missing: the longest of them in it. One in which the
        broker kept everything explains them only where there is no other."""
        best: tuple[tuple[bool, float], Incident] | None = None
        for incident in reversed(self._known):
            if incident.end is not None and incident.end + LONGEST_LATE < start:
                break  # they end in the order they are known in, or nearly: with 10,000 workers a look must be short
            until = end if incident.end is None else incident.end + (SLACK if incident.why == "dropped" else 0.0)
            shared = min(until, end) - max(incident.start, start)
            rank = (not incident.kept, shared)
            if shared >= 0 and (best is None or rank > best[0]):
                best = (rank, incident)
        return best[1] if best else None
