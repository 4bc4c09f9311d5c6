"""Events and a place to fold them, for tests."""

from itertools import count
from typing import Any

from flower_monitor.constants import State
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner
from flower_monitor.fold.tasks import Tasks

WORKER = "w1@host"
CLIENT = "gen1@client"
UUID = "11111111-2222-3333-4444-555555555555"


class Nowhere:
    """A store with nothing in it."""

    def find(self, key: r.Key) -> r.Row | None:
        """Nothing."""
        return None

    def numbered(self, key: r.Key, number: int) -> None:
        """It forgets it."""


class World:
    """Tasks without a store."""

    def __init__(self) -> None:
        self.names = Interner(lambda text: None, 1)
        self.tasks = Tasks(self.names, Nowhere(), 1)

    def fold(self, *events: Event) -> "World":
        """A whole batch of events."""
        self.tasks.fold(events, 0.0)
        self.tasks.count_untold()
        return self

    def row(self, uuid: str = UUID) -> r.Row:
        return self.tasks.unfinished[uuid]

    def text(self, number: int | None) -> str | None:
        return next((text for text, known in self.names.known.items() if known == number), None)

    def state(self, uuid: str = UUID) -> str:
        code = self.row(uuid)[r.STATE]
        return State(code).name if code < 16 else self.text(code - 16) or ""


_ticks = count(1000)


def event(kind: str, *, at: float | None = None, host: str | None = None, uuid: str = UUID, **fields: Any) -> Event:
    """An event; later than the one made before it unless `at` says otherwise."""
    sender = host or (CLIENT if kind == "sent" else WORKER)
    time = float(next(_ticks)) if at is None else at
    return Event(type=f"task-{kind}", hostname=sender, timestamp=time, uuid=uuid, **fields)
