"""A store to fold events into, as ingest does, but without a process."""

import time
from pathlib import Path

from flower_monitor.fold.events import Event
from flower_monitor.store import connect
from flower_monitor.store.clock import Clock
from flower_monitor.store.reader import Reader
from flower_monitor.store.retention import Keep
from flower_monitor.store.writer import Writer


class Store:
    """A writer, what it writes, and a reader."""

    def __init__(
        self, path: Path, *, tasks: int = 1_000_000, age: float | None = None, size: int | None = None
    ) -> None:
        self.path = path
        self.steady = 0.0
        """The clock that nobody can set: `commit` moves it with the other one."""
        self._now = 0.0
        self.writer = Writer(connect.writer(path), Keep(tasks=tasks, age=age, bytes=size), Clock(lambda: self.steady))
        self.tasks = self.writer.tasks()
        self.workers = self.writer.workers()
        self.reader = Reader(path)

    def fold(self, *events: Event) -> "Store":
        """Fold events, not yet written."""
        self.tasks.fold(events, time.time())
        return self

    def commit(self, now: float | None = None, jump: float = 0.0, *, hold: bool = False) -> "Store":
        """Write what was folded. `jump`: seconds of the time since the last commit that did not pass. `hold`: new
        tasks may be held back."""
        now = time.time() if now is None else now
        self.steady += now - self._now - jump
        self._now = now
        self.tasks.prepare(hold)
        self.writer.commit(self.tasks, self.workers, {}, {}, now)
        self.tasks.settle()
        self.workers.settle(now)
        return self

    def close(self) -> None:
        """As a clean stop."""
        self.reader.close()
        self.writer.close()

    def crash(self) -> None:
        """As kill -9: nothing is said goodbye to."""
        self.reader.close()
        self.writer._connection.close()
