"""What the monitor knows without asking anybody: one look at the store, and what this process has seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flower_monitor.config import Config
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Notice, Summary, WorkerRow


@dataclass(frozen=True)
class Facts:
    """What checks are made of."""

    config: Config
    now: float
    """Epoch seconds."""

    summary: Summary
    workers: Sequence[WorkerRow]
    notices: Sequence[Notice]
    """What this process has to say of workers' events (`events_switch`)."""

    @property
    def online(self) -> list[WorkerRow]:
        """Workers that are online, by their events."""
        return [worker for worker in self.workers if worker.state == "online"]


def gather(config: Config, notices: Sequence[Notice], now: Callable[[], float]) -> Callable[[Reader], Facts]:
    """The question to the store, for a thread of its readers."""
    return lambda reader: Facts(config, now(), reader.summary(), reader.workers(), notices)
