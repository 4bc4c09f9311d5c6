"""A worker as Celery's is, simulated: it counts tasks it starts, sends their events in heaps, and beats."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from flower_monitor.fold.events import Event
from flower_monitor.fold.workers import Workers
from flower_monitor.truth.gaps import Gap, Gaps

HOST = "w1@host"
FREQ = 2.0


@dataclass
class Process:
    """A worker process. Its clock may be off; it starts to count from 0."""

    pid: int
    hostname: str = HOST
    offset: float = 0.0
    processed: int = 0
    clock: int = 0
    heap: list[Event] = field(default_factory=list)

    def event(self, kind: str, now: float, **fields: Any) -> Event:
        self.clock += 1
        return Event(
            type=kind, hostname=self.hostname, timestamp=now + self.offset, clock=self.clock, pid=self.pid, **fields
        )

    def start(self, now: float) -> list[Event]:
        """Start a task; the events that leave, which is when 24 wait."""
        self.processed += 1
        self.heap.append(self.event("task-started", now, uuid=f"{self.pid}-{self.processed}"))
        return self.flush() if len(self.heap) >= 24 else []

    def flush(self) -> list[Event]:
        """The loop comes round: what waits leaves."""
        heap, self.heap = self.heap, []
        return heap

    def beat(self, now: float, kind: str = "worker-heartbeat") -> list[Event]:
        """A heartbeat leaves at once; what waits may leave after it."""
        return [self.event(kind, now, freq=FREQ, active=0, processed=self.processed)]


class Monitor:
    """What ingest does with events of workers and of started tasks."""

    def __init__(self) -> None:
        self.workers = Workers([], Gaps())
        self.gaps: dict[int, Gap] = {}

    def hear(self, events: list[Event], now: float) -> None:
        for event in events:
            if event.type == "task-started":
                self.workers.started([event], now)
            else:
                self.workers.fold(event, now, now)
        self.gaps |= self.workers.gaps.dirty

    @property
    def due(self) -> int:
        return self.workers.due

    @property
    def missed(self) -> int:
        return self.workers.missed

    @property
    def reported(self) -> int:
        """Tasks that all gaps together say are missing."""
        return sum(gap.missed or 0 for gap in self.gaps.values())


class Life:
    """A process that runs for a while, heard through a lossy ear."""

    def __init__(self, random: Random, process: Process, monitor: Monitor) -> None:
        self.random = random
        self.process = process
        self.monitor = monitor
        self.now = 1_000_000.0
        self.lost = 0

    def run(self, seconds: float, rate: float, *, loss: float = 0.0, beats: bool = True) -> None:
        """Some seconds with tasks at a rate; each event of one is lost with a probability, and beats if so said."""
        end, beat_at = self.now + seconds, self.now + FREQ
        while self.now < end:
            self.now += self.random.expovariate(rate)
            self.send(self.process.start(self.now), loss)
            if self.random.random() < 0.5:
                self.send(self.process.flush(), loss)
            if self.now >= beat_at:
                if beats:
                    self.monitor.hear(self.process.beat(self.now), self.now)
                # The heartbeat went at once, the heap goes when the worker's loop comes round.
                self.send(self.process.flush(), loss)
                beat_at = self.now + FREQ

    def rest(self) -> None:
        """Two beats without tasks: then everything is judged."""
        self.send(self.process.flush(), 0.0)
        for _ in range(2):
            self.now += FREQ
            self.monitor.hear(self.process.beat(self.now), self.now)

    def begin(self) -> None:
        """It comes up."""
        self.monitor.hear(self.process.beat(self.now, "worker-online"), self.now)

    def send(self, events: list[Event], loss: float) -> None:
        kept = [event for event in events if self.random.random() >= loss]
        self.lost += len(events) - len(kept)
        self.monitor.hear(kept, self.now)
