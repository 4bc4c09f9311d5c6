"""What the store does not have yet: rows to insert, rows to update, and new tasks that wait a moment for their end.

Under load most tasks end within a moment. One that is inserted when it has ended is written once; inserted at once it
is written two or three times, and each of these costs as much. So `prepare` may hold new tasks back, for HELD commits
at most. They are safe meanwhile: the commit writes them down in one piece (store/held.py).
"""

from collections.abc import Callable

from flower_monitor.constants import LAST_FINISHED, EventCode
from flower_monitor.fold import row as r

#: Commits that an unfinished new task is held back for: it shows up to half a second later.
HELD = 2

#: Most tasks held back, some 2 kB each with their texts.
MOST_HELD = 20_000

_LAST_FINISHED = LAST_FINISHED.value

#: Codes of the events of a worker that has the task already: they change its state, times and outcome alone.
_ADVANCES = range(EventCode.STARTED.value, EventCode.RETRIED.value + 1)


class Outbox:
    """Rows by the uuid of their task."""

    def __init__(self, next_id: int) -> None:
        self.next_id = next_id
        self.new: dict[str, r.Row] = {}
        """Tasks that the store does not have, oldest first. Until they get an id, `row.ID` is minus the number of the
        commit before which they came."""

        self.inserts: dict[str, r.Row] = {}
        """Those of them that the next commit inserts."""

        self.dirty: dict[str, r.Row] = {}
        """Rows to update."""

        self.advanced: dict[str, r.Row] = {}
        """Rows to update in which name, worker, place in the lists and root are as stored: half the work."""

        self._commit = 1

    def add(self, uuid: str, row: r.Row) -> None:
        """A task is new."""
        row[r.ID] = -self._commit
        self.new[uuid] = row

    def hurry(self, uuid: str) -> None:
        """A task is not to be held back: what is written beside it needs its id."""
        row = self.new.get(uuid)
        if row is not None:
            row[r.ID] = HELD - self._commit

    def changes(self, uuid: str, row: r.Row, code: int, sender: int) -> None:
        """A task that the store has is about to get an event."""
        if uuid in self.dirty:
            return
        if code in _ADVANCES and sender == row[r.WORKER] and row[r.RECEIVED] is not None:
            self.advanced[uuid] = row
        else:
            self.advanced.pop(uuid, None)
            self.dirty[uuid] = row

    def prepare(self, hold: bool, numbered: Callable[[r.Key, int], None]) -> None:
        """Decide what the next commit inserts, and number it.

        Args:
            hold: Leave unfinished ones out that came lately.
            numbered: Told of each uuid and its id, in ascending order of ids.
        """
        hold = hold and len(self.new) <= MOST_HELD
        oldest = self._commit - HELD
        due = [
            uuid for uuid, row in self.new.items() if not hold or row[r.STATE] <= _LAST_FINISHED or -row[r.ID] <= oldest
        ]
        for uuid in due:
            row = self.inserts[uuid] = self.new.pop(uuid)
            row[r.ID] = self.next_id
            numbered(row[r.UUID], self.next_id)
            self.next_id += 1
        self._commit += 1

    @property
    def prepared(self) -> tuple[dict[str, r.Row], ...]:
        """All that the next commit writes, each row once; inserts last."""
        return self.advanced, self.dirty, self.inserts

    def settle(self) -> None:
        """All that was prepared is stored."""
        self.inserts, self.dirty, self.advanced = {}, {}, {}
