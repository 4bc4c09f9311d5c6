"""What is kept: by age, by number and by bytes, in small steps within the writer's transactions.

Age counts from a task's first event, by our clock: the id range of each minute is noted, so that a sender's wrong
clock neither keeps a task for ever nor loses it at once. Over the number or the bytes the oldest finished tasks go;
unfinished ones stay until they are too old, but may take half of the room at most: else what never ends (sent and
never received, say) would leave none for what does.

Pages that deleted tasks leave are used for new ones; when they become many, the file gets shorter.
"""

import logging
import time
from typing import Literal, cast

import apsw
import msgspec

from flower_monitor.constants import LAST_FINISHED
from flower_monitor.store import pruning, told
from flower_monitor.store.clock import Clock

#: Rows looked at in one step: some milliseconds.
STEP = 500

#: Seconds between returns to the oldest row, for tasks that were unfinished when the walk passed them.
RETURN_EVERY = 600.0

#: Part of the file that may be free pages: they are what new tasks are written to. 8 MiB at least.
FREE_SHARE = 0.1
FREE_PAGES = 1024

#: Pages that the file gets shorter by in one step. Each is moved: some 20 us and three pages written.
SHRINK_STEP = 128

_FINISHED = LAST_FINISHED.value

log = logging.getLogger(__name__)


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept."""

    tasks: int = 1_000_000
    """Tasks at most."""

    age: float | None = None
    """Seconds that tasks are kept at most; None: for ever."""

    bytes: int | None = None
    """Bytes of the file that are in use at most; None: no limit. Its log takes up to 64 MiB more."""

    rollups: float = 90 * 86400.0
    """Seconds that rollups are kept."""


class Walk:
    """Deletes rows of one kind, oldest first, and remembers how far it came."""

    def __init__(self, connection: apsw.Connection, condition: Literal["state <= ?", "state > ?"]) -> None:
        self._connection = connection
        self._delete = f"delete from task where id > ? and id <= ? and {condition} returning state"  # noqa: S608 - constants
        self._passed = 0

    def restart(self) -> None:
        """Begin at the oldest row again."""
        self._passed = 0

    def step(self, tally: dict[int, int], most: int) -> bool:
        """Look at the next rows; False at the end."""
        sql = "select max(id) from (select id from task where id > ? order by id limit ?)"
        last = self._connection.execute(sql, (self._passed, min(most, STEP))).get
        if last is None:
            self.restart()
            return False
        for (state,) in self._connection.execute(self._delete, (self._passed, last, _FINISHED)):
            tally[state] -= 1
        told.forget(self._connection, self._passed, last)
        self._passed = last
        return True


class Retention:
    """Deletes what is too much."""

    def __init__(self, connection: apsw.Connection, keep: Keep, clock: Clock) -> None:
        self._connection = connection
        self._keep = keep
        self._clock = clock
        self._finished = Walk(connection, "state <= ?")
        self._unfinished = Walk(connection, "state > ?")
        self._returned = 0.0
        self._minute = 0
        self._page_size: int = connection.pragma("page_size")

    def apply(self, tally: dict[int, int], now: float, deadline: float) -> None:
        """Delete until a time by the monotonic clock; `tally` (state -> kept) is brought up to date."""
        if minutes := self._clock.jumped(now):
            self._move_arrivals(minutes)
        self._note_minute(now)
        for step in (self._too_old, self._too_many, self._too_big):
            while step(tally, now) and time.monotonic() < deadline:
                pass
        self._shrink()

    def reset(self) -> None:
        """The transaction was rolled back: look at everything again."""
        self._minute = 0
        self._clock.undo()
        self._finished.restart()
        self._unfinished.restart()

    def _note_minute(self, now: float) -> None:
        """Once a minute: note the newest id."""
        minute = int(now // 60)
        if minute == self._minute:
            return
        self._minute = minute
        self._connection.execute(
            "insert or replace into arrival select ?, max(id) from task having max(id) is not null", (minute,)
        )

    def _move_arrivals(self, minutes: int) -> None:
        """The clock was set: what is noted by it is set too, so that no task gets older or younger by that."""
        log.warning("The clock was set by %+d minutes while the monitor ran; the age of tasks is counted on", minutes)
        # By way of negative numbers: a minute must not meet the one that it moves to.
        self._connection.execute("update arrival set minute = -(minute + ?)", (minutes,))
        self._connection.execute("update arrival set minute = -minute")
        pruning.shift(self._connection, minutes)

    def _too_old(self, tally: dict[int, int], now: float) -> bool:
        """Delete some of the tasks that are too old; False when there are no more."""
        if self._keep.age is None:
            return False
        limit = int((now - self._keep.age) // 60)
        newest = self._connection.execute("select max(task) from arrival where minute <= ?", (limit,)).get
        if newest is None:
            return False
        sql = "delete from task where id in (select id from task where id <= ? order by id limit ?) returning state"
        deleted = self._connection.execute(sql, (newest, STEP)).fetchall()
        for (state,) in deleted:
            tally[cast(int, state)] -= 1
        if deleted:
            oldest = self._connection.execute("select min(id) from task").get or newest + 1
            told.forget(self._connection, 0, oldest - 1)
        else:
            self._connection.execute("delete from arrival where minute <= ?", (limit,))
        return bool(deleted)

    def _too_many(self, tally: dict[int, int], now: float) -> bool:
        """Delete some of the tasks that are too many; False when there are no more."""
        excess = sum(tally.values()) - self._keep.tasks
        if excess <= 0 and _unfinished(tally) <= self._keep.tasks // 2:
            return False
        return self._make_room(tally, self._keep.tasks, excess, now)

    def _too_big(self, tally: dict[int, int], now: float) -> bool:
        """Delete some tasks while the file is too big; False when it is not, or when there are no more."""
        if self._keep.bytes is None or self._used() <= self._keep.bytes:
            return False
        return self._make_room(tally, sum(tally.values()), STEP, now)

    def _make_room(self, tally: dict[int, int], room: int, excess: int, now: float) -> bool:
        """Delete some of the oldest: of the unfinished ones when they take over half of the room."""
        too_many = _unfinished(tally) - room // 2
        if too_many > 0:
            return self._unfinished.step(tally, too_many)
        if now - self._returned > RETURN_EVERY:
            self._finished.restart()
            self._returned = now
        return self._finished.step(tally, excess)

    def _used(self) -> int:
        """Bytes of the file that hold something."""
        pages: int = self._connection.pragma("page_count") - self._connection.pragma("freelist_count")
        return pages * self._page_size

    def _shrink(self) -> None:
        """Give some free pages back, when there are many. Nothing happens in a file made by 0.1.0."""
        free = self._connection.pragma("freelist_count")
        if free > max(self._connection.pragma("page_count") * FREE_SHARE, FREE_PAGES):
            self._connection.execute(f"pragma incremental_vacuum({SHRINK_STEP})").fetchall()


def _unfinished(tally: dict[int, int]) -> int:
    return sum(n for state, n in tally.items() if state > _FINISHED)
