"""A feed on a real broker, taken from as ingest does it, but without a store behind it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flower_monitor.config import Config
from flower_monitor.fold.events import Broken, Event
from flower_monitor.receive import consumer, feed, thread
from flower_monitor.receive.feed import Feed
from tests.support.events import Sender
from tests.support.patience import PATIENCE
from tests.support.processes import until


class Taker:
    """Takes from a feed, and remembers what came."""

    def __init__(self, source: Feed) -> None:
        self.feed = source
        self.events: list[Event] = []
        self.broken: list[Broken] = []

    def take(self) -> int:
        """Take and commit what is there; how many messages that were."""
        count = 0
        while messages := self.feed.take():
            count += len(messages)
            decoded = self.feed.decode(messages)
            self.events += decoded.events
            self.broken += decoded.broken
        self.feed.committed()
        return count

    def connected(self, times: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until it was connected so often, and is."""
        link = self.feed.link
        until(
            lambda: link.connections >= times and link.status.state == "connected",
            f"connection {times}: {link.status}",
            seconds,
        )

    def disconnected(self, says: str = "") -> None:
        """Wait until it is not, for a reason: on a busy machine an attempt may just have been too slow."""
        link = self.feed.link

        def told() -> bool:
            status = link.status
            return status.state == "disconnected" and says in (status.last_error or "")

        until(told, f"disconnected, {says}: {link.status}", PATIENCE)

    def has(self, task: str) -> list[str]:
        """Wait until a task's success came; all that came of it."""
        until(
            lambda: self.take() is not None and any(e.uuid == task and e.type == "task-succeeded" for e in self.events),
            f"task {task}: {self.feed.link.status}, {self.broken[:3]}",
        )
        return [event.type for event in self.events if event.uuid == task]

    def sees(self, worker: Sender) -> None:
        """A task of a worker arrives whole."""
        assert self.has(worker.task()) == ["task-received", "task-started", "task-succeeded"]


def config(broker: str, **fields: Any) -> Config:
    """The settings of a monitor, as far as a feed wants them."""
    return Config(broker_url=broker, store=Path("unused"), **fields)


@contextlib.contextmanager
def following(broker: str, **fields: Any) -> Iterator[Taker]:
    """A feed that receives for as long as the block lasts."""
    source = feed.connect(config(broker, **fields))
    source.start()
    try:
        yield Taker(source)
    finally:
        with pytest.MonkeyPatch.context() as patch:  # last words too take their time on a busy machine
            patch.setattr(consumer, "FAREWELL", PATIENCE)
            patch.setattr(thread, "STOP_SECONDS", PATIENCE)
            source.stop()
            source.close()
