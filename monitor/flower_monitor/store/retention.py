"""What is kept: by age and by number, in small steps within the writer's transactions.

Age counts from a task's first event, by our clock: the id range of each minute is noted, so that a sender's wrong
clock neither keeps a task for ever nor loses it at once. Over the number the oldest finished tasks go; unfinished
ones stay until they are too old, but may take half of the room at most: else what never ends (sent and never
received, say) would leave none for what does.
"""

import time
from typing import Literal, cast

import apsw

from flower_monitor.constants import LAST_FINISHED

#: Rows looked at in one step: some milliseconds.
STEP = 500

#: Seconds between returns to the oldest row, for tasks that were unfinished when the walk passed them.
RETURN_EVERY = 600.0

#: Seconds that rollups are kept: 90 days fit in megabytes.
ROLLUP_AGE = 90 * 86400

_FINISHED = LAST_FINISHED.value


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
        self._passed = last
        return True


class Retention:
    """Deletes what is too much."""

    def __init__(self, connection: apsw.Connection, tasks: int, age: float | None) -> None:
        self._connection = connection
        self._tasks = tasks
        self._age = age
        self._finished = Walk(connection, "state <= ?")
        self._unfinished = Walk(connection, "state > ?")
        self._returned = 0.0
        self._minute = 0

    def apply(self, tally: dict[int, int], now: float, budget: float) -> None:
        """Delete for at most some seconds; `tally` (state -> kept) is brought up to date."""
        deadline = time.monotonic() + budget
        self._note_minute(now)
        for step in (self._too_old, self._too_many):
            while step(tally, now) and time.monotonic() < deadline:
                pass

    def reset(self) -> None:
        """The transaction was rolled back: look at everything again."""
        self._minute = 0
        self._finished.restart()
        self._unfinished.restart()

    def _note_minute(self, now: float) -> None:
        """Once a minute: note the newest id, drop rollups that are too old."""
        minute = int(now // 60)
        if minute == self._minute:
            return
        self._minute = minute
        self._connection.execute(
            "insert or replace into arrival select ?, max(id) from task having max(id) is not null", (minute,)
        )
        self._connection.execute("delete from rollup where minute < ?", ((int(now) - ROLLUP_AGE) // 60,))

    def _too_old(self, tally: dict[int, int], now: float) -> bool:
        """Delete some of the tasks that are too old; False when there are no more."""
        if self._age is None:
            return False
        limit = int((now - self._age) // 60)
        newest = self._connection.execute("select max(task) from arrival where minute <= ?", (limit,)).get
        if newest is None:
            return False
        sql = "delete from task where id in (select id from task where id <= ? order by id limit ?) returning state"
        deleted = self._connection.execute(sql, (newest, STEP)).fetchall()
        for (state,) in deleted:
            tally[cast(int, state)] -= 1
        if not deleted:
            self._connection.execute("delete from arrival where minute <= ?", (limit,))
        return bool(deleted)

    def _too_many(self, tally: dict[int, int], now: float) -> bool:
        """Delete some of the tasks that are too many; False when there are no more."""
        unfinished = sum(n for state, n in tally.items() if state > _FINISHED)
        if unfinished > self._tasks // 2:
            return self._unfinished.step(tally, unfinished - self._tasks // 2)
        excess = sum(tally.values()) - self._tasks
        if excess <= 0:
            return False
        if now - self._returned > RETURN_EVERY:
            self._finished.restart()
            self._returned = now
        return self._finished.step(tally, excess)
