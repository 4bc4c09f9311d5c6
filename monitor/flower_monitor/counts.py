"""What ingest counts since the last commit, and the figures it shows of it."""

from collections import deque
from typing import NamedTuple

from flower_monitor.constants import SEEN_WINDOW
from flower_monitor.store.records import Seen

#: Name, labels.
Key = tuple[str, tuple[tuple[str, str], ...]]

#: Seconds that `rate` looks back.
WINDOW = 60.0


class Counters:
    """Counts to be added to the stored ones by the next commit, and the totals over all restarts."""

    def __init__(self, totals: dict[str, float]) -> None:
        self.pending: dict[Key, float] = {}
        self.totals = totals

    def add(self, name: str, count: float, **labels: str) -> None:
        """Count something; nothing for nothing."""
        if not count:
            return
        key = (name, tuple(sorted(labels.items())))
        self.pending[key] = self.pending.get(key, 0) + count
        self.totals[name] = self.totals.get(name, 0) + count

    def total(self, name: str) -> int:
        """Since the store was made."""
        return int(self.totals.get(name, 0))

    def settle(self) -> None:
        """All that was pending is stored."""
        self.pending = {}


class SeenWindow:
    """What workers say they started, and what was missed of it, by minute of the last hour.

    Args:
        minutes: [minute, due, missed] of each, oldest first, as `minutes` was.
    """

    def __init__(self, minutes: list[list[int]]) -> None:
        self.minutes = minutes

    def add(self, now: float, due: int, missed: int) -> None:
        """Count."""
        minute = int(now // 60)
        if due and self.minutes and self.minutes[-1][0] == minute:
            self.minutes[-1][1] += due
            self.minutes[-1][2] += missed
        elif due:
            self.minutes.append([minute, due, missed])
        self.minutes = [one for one in self.minutes if 0 <= minute - one[0] < SEEN_WINDOW / 60]

    def total(self) -> Seen:
        """Over the hour."""
        return Seen(due=sum(one[1] for one in self.minutes), missed=sum(one[2] for one in self.minutes))


class Mark(NamedTuple):
    """A total at a time."""

    at: float
    total: int


class Rate:
    """How fast a total grows, over the last minute."""

    def __init__(self, at: float, total: int) -> None:
        self._marks: deque[Mark] = deque([Mark(at, total)])

    def at(self, now: float, total: int) -> float:
        """Note a total; what it grew by a second."""
        if now - self._marks[-1].at >= 1:
            self._marks.append(Mark(now, total))
        while len(self._marks) > 1 and now - self._marks[1].at >= WINDOW:
            self._marks.popleft()
        first = self._marks[0]
        # Of a moment no rate can be told: what had waited for us comes all at once.
        return (total - first.total) / max(1.0, now - first.at)
