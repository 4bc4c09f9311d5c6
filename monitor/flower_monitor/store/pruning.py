"""Names that nothing uses any more: of clients and workers there come new ones for ever.

Which names a task uses is in no index: histories are packed. So each name has the hour in which it was last used, and
goes when everything kept is younger. An hour is told by forgetting what is in memory: what is learned again is used.
"""

import math

import apsw

from flower_monitor.constants import CUSTOM
from flower_monitor.fold.intern import Interner

HOUR = 3600

#: Hours that a name's hour may be behind: it is written once an hour, and not at all before a kill -9.
SLACK = 2

#: Most names deleted at a time: some milliseconds.
STEP = 5000

_UNUSED = "select id from name where seen < ? and id < (select max(id) from name) limit ?"

#: What counts over longer times than tasks are kept. A custom state is a name's id above CUSTOM.
_COUNTED = f"""
select sender from event_count union select name from event_count union select type - {CUSTOM} from event_count
union select queue from event_count union select exception from failure
union select sender from runtime union select name from runtime union select queue from runtime
union select sender from queue_wait union select name from queue_wait union select queue from queue_wait
union select name from rollup union select queue from rollup union select state - {CUSTOM} from rollup
union select queue from queue_depth"""  # noqa: S608 - constant


class Pruning:
    """Deletes names within the writer's transactions."""

    def __init__(self, connection: apsw.Connection, names: Interner) -> None:
        self._connection = connection
        self._names = names
        self._used: list[int] = []
        self._hour = 0
        self._more = False

    def apply(self, now: float) -> None:
        """Once a minute: note what was used, when the hour is over; delete what is not used any more."""
        hour = int(now // HOUR)
        if hour != self._hour:
            self._used += self._names.turn()
            self._connection.executemany("update name set seen = ? where id = ?", [(hour, key) for key in self._used])
            self._more = True
            self._hour = hour
        if self._more:
            self._more = self._prune()

    def settled(self) -> None:
        """What was noted is stored."""
        if self._used:
            self._used = []

    def reset(self) -> None:
        """The transaction was rolled back: what was noted has to be noted again."""
        self._hour = 0

    def _prune(self) -> bool:
        """Delete some names; whether there may be more."""
        oldest = self._oldest()
        if oldest is None:
            return False
        unused = {key for (key,) in self._connection.execute(_UNUSED, (oldest - SLACK, STEP))}
        if not unused:
            return False
        gone = unused - {key for (key,) in self._connection.execute(_COUNTED)}
        self._connection.executemany("delete from name where id = ?", [(key,) for key in gone])
        return len(unused) == STEP and bool(gone)

    def _oldest(self) -> int | None:
        """An hour before which nothing that is kept was used; None when that is not known."""
        sql = "select max(minute) from arrival where task < (select min(id) from task)"
        minute: int | None = self._connection.execute(sql).get
        if minute is None:
            return None
        # Earlier ones tell nothing more: all tasks are younger.
        self._connection.execute("delete from arrival where minute < ?", (minute,))
        return minute // 60


def shift(connection: apsw.Connection, minutes: int) -> None:
    """The clock was set: so is what is noted by it, rather too late than too early."""
    connection.execute("update name set seen = seen + ?", (math.ceil(minutes / 60),))
