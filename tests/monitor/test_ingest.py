"""Between decoding and the store."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from flower_monitor import ingest
from flower_monitor.config import Config
from flower_monitor.consumption import Consumption
from flower_monitor.exceptions import StoreUnusable
from flower_monitor.fold.events import Decoded, Event
from flower_monitor.ingest import Ingest
from flower_monitor.letterbox import Letters, Post
from flower_monitor.queue_samples import QueueSamples, Sample
from flower_monitor.receive import url
from flower_monitor.receive.feed import Losses
from flower_monitor.receive.link import Link
from flower_monitor.silence import Lifted, Silence, Silenced
from flower_monitor.store import place
from flower_monitor.store.history import HistoryQuery
from flower_monitor.store.queue_history import DepthQuery
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import IngestStatus
from flower_monitor.store.writer import Writer
from tests.monitor.fold.made import event
from tests.monitor.truth.simulated import HOST, Process

NOW = 1_700_000_000.0


class Given:
    """A feed that gives what a test puts into it, as one heap."""

    def __init__(self) -> None:
        self.link = Link(url.parse("redis://localhost"))
        self.link.status = replace(self.link.status, state="connected")
        self.link.connections = 1
        self.events: list[Event] = []
        self.at_a_time: int | None = None
        self.lost = Losses(0, 0)

    def waits(self, messages: int) -> None:
        """So many wait in the broker."""
        self.link.status = replace(self.link.status, backlog=messages)

    def decode(self, messages: list[bytes]) -> Decoded:
        some = self.at_a_time or len(self.events)
        events, self.events = self.events[:some], self.events[some:]
        return Decoded(events, [])

    def take(self) -> list[bytes]:
        return [b"message"] if self.events else []

    def losses(self) -> Losses:
        return self.lost

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def committed(self) -> None: ...
    def waiting(self) -> int:
        return 0


class World:
    """An ingest with a store."""

    def __init__(self, path: Path) -> None:
        config = Config(broker_url="redis://localhost", store=path)
        connection, _ = place.open_writer(path)
        self.writer = Writer(connection, place.keep(config))
        self.feed = Given()
        reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.post, self.letters = Post(writing.detach()), Letters(reading.detach())
        self.ingest = Ingest(config, self.writer, self.feed, [], self.letters)
        self.reader = Reader(path)

    def hear(self, *events: Event) -> None:
        """All of it at once."""
        self.feed.events = list(events)
        self.ingest.take(float("inf"))
        assert self.ingest.commit(last=True)

    def close(self) -> None:
        self.post.close()
        self.letters.close()
        self.reader.close()
        self.writer.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "s")
    yield made
    made.close()


def life(drop: int = 0) -> list[Event]:
    """A worker that starts three tasks, and two, with a heartbeat after each; some of the first starts are lost."""
    process = Process(7)
    events = process.beat(NOW, "worker-online")
    for beat, tasks in enumerate((3, 2, 0, 0), 1):
        for _ in range(tasks):
            process.start(NOW + 2 * beat - 1)
        events += process.flush()[drop if beat == 1 else 0 :] + process.beat(NOW + 2 * beat)
    return events


@pytest.mark.parametrize("drop", [0, 2])
def test_heartbeats_and_starts_of_one_heap_are_told_apart_by_their_order(world: World, drop: int) -> None:
    world.hear(*life(drop))

    (worker,) = world.reader.workers()
    assert (worker.hostname, worker.tasks_due, worker.tasks_missed) == (HOST, 5, drop)


def test_what_was_missed_is_in_the_summary_and_the_counters(world: World) -> None:
    world.hear(*life(drop=2))

    summary = world.reader.summary()
    counters = {row.name: row.value for row in world.reader.counters()}
    assert (summary.seen.due, summary.seen.missed) == (5, 2)
    assert (counters["tasks_due"], counters["tasks_missed"]) == (5, 2)
    assert [(gap.missed, gap.workers) for gap in summary.gaps] == [(2, {HOST: 2})]


def test_a_buffer_that_was_full_makes_a_gap_with_the_events_dropped(world: World) -> None:
    world.hear(*life())
    world.feed.lost = Losses(3, 7 * 100, {"buffer": 3})
    world.hear(*life())

    (gap,) = world.reader.gaps()
    assert gap.why == "dropped"
    assert gap.events


class Clocks:
    """Our two clocks, as a test wants them."""

    def __init__(self) -> None:
        self.wall, self.steady = NOW, 1000.0

    def pass_(self, seconds: float) -> None:
        """Time passes."""
        self.wall += seconds
        self.steady += seconds

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """Those that an ingest made after them reads."""
    made = Clocks()
    monkeypatch.setattr(ingest, "time", made)
    return made


def no_room(*_: object) -> None:
    """A commit on a full disk."""
    raise StoreUnusable("the store can't be written: full")


def test_no_worker_is_lost_while_nothing_is_taken_because_it_can_not_be_written(
    clocks: Clocks, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a full disk for a minute: what workers say meanwhile waits unread."""
    process = Process(7)
    world.hear(*process.beat(NOW, "worker-online"))
    with monkeypatch.context() as full:
        full.setattr(world.writer, "commit", no_room)
        clocks.pass_(2)
        for _ in range(60):
            assert not world.ingest.commit()
            clocks.pass_(1)

    assert world.ingest.commit()
    clocks.pass_(1)
    world.hear(*process.beat(clocks.wall))

    assert [worker.state for worker in world.reader.workers()] == ["online"]
    assert "are lost" not in caplog.text


def test_one_that_says_nothing_after_that_is_lost(
    clocks: Clocks, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.hear(*Process(7).beat(NOW, "worker-online"))
    with monkeypatch.context() as full:
        full.setattr(world.writer, "commit", no_room)
        clocks.pass_(2)
        assert not world.ingest.commit()
    for _ in range(15):
        clocks.pass_(1)
        world.hear()

    assert [worker.state for worker in world.reader.workers()] == ["lost"]


def test_a_clock_that_is_set_back_keeps_no_status_from_being_written(clocks: Clocks, world: World) -> None:
    world.hear()
    clocks.wall -= 3600
    for _ in range(3):
        clocks.pass_(2)
        assert world.ingest.commit()

    status = world.writer.stored("ingest", IngestStatus)
    assert status is not None
    assert status.committed_at == clocks.wall


def test_nor_the_rate_of_events_from_being_told(clocks: Clocks, world: World) -> None:
    clocks.wall -= 3600
    for _ in range(5):
        clocks.pass_(2)
        world.hear(*(event("received", uuid=f"{number}-{clocks.wall}") for number in range(20)))

    status = world.writer.stored("ingest", IngestStatus)
    assert status is not None
    assert status.rate == 10


def test_all_that_was_received_is_written_at_the_stop_though_it_is_more_than_a_batch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH_EVENTS", 2)
    world.feed.at_a_time = 1
    world.feed.events = [event("received", uuid=str(number)) for number in range(7)]
    stopping = threading.Event()
    stopping.set()

    world.ingest.run(stopping)

    assert world.reader.summary().tasks == 7


def lag(world: World) -> float:
    """What the monitor says that it lags behind."""
    status = world.writer.stored("ingest", IngestStatus)
    assert status is not None
    assert status.lag is not None
    return status.lag


def test_what_waited_in_the_broker_is_told_as_lag_and_not_as_a_clock_that_is_wrong(
    clocks: Clocks, world: World
) -> None:
    """Of a worker that began while we were away."""
    process = Process(7)
    world.feed.waits(1000)
    world.hear(*process.beat(clocks.wall - 600, "worker-online"))
    behind, (unknown,) = lag(world), world.reader.workers()
    world.feed.waits(0)
    world.hear(*process.beat(clocks.wall))

    assert (behind, unknown.clock_offset) == (600, None)
    assert (lag(world), world.reader.workers()[0].clock_offset) == (0, 0)


def test_a_monitor_that_is_always_behind_says_so_for_as_long(clocks: Clocks, world: World) -> None:
    process = Process(7)
    world.hear(*process.beat(clocks.wall, "worker-online"))
    world.feed.waits(1000)
    for _ in range(30):
        clocks.pass_(60)
        world.hear(*process.beat(clocks.wall - 50))

    assert (lag(world), world.reader.workers()[0].clock_offset) == (50, 0)


def test_so_does_one_whose_own_buffer_never_gets_empty(clocks: Clocks, world: World) -> None:
    process = Process(7)
    world.hear(*process.beat(clocks.wall, "worker-online"))
    for _ in range(30):
        clocks.pass_(60)
        world.feed.events = process.beat(clocks.wall - 50) + process.beat(clocks.wall - 49)
        world.feed.at_a_time = 1
        world.ingest.take(clocks.steady + 0.5)
        assert world.ingest.commit()

    assert world.reader.workers()[0].clock_offset == 0


def test_rejections_are_counted_but_not_of_what_failed(world: World) -> None:
    """Celery 5.7 says of a task that raises Reject that it failed, and then that it was rejected."""
    now = time.time()
    given_back, failed = ("received", "started", "rejected"), ("received", "started", "failed", "rejected")
    world.hear(*(event(kind, uuid="a", at=now + place) for place, kind in enumerate(given_back)))
    world.hear(*(event(kind, uuid="b", at=now + place) for place, kind in enumerate(failed)))

    counts = world.reader.history(HistoryQuery(start=now - 60, end=now + 60)).counts

    assert (counts.rejected, counts.failed) == (1, 1)


def test_what_can_not_be_written_at_the_stop_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.feed.events = [event("received", uuid=str(number)) for number in range(3)]
    stopping = threading.Event()
    stopping.set()
    with monkeypatch.context() as full:
        full.setattr(world.writer, "commit", no_room)
        world.ingest.run(stopping)

    assert "the monitor stops without the last 3 events" in caplog.text
    assert "written later" not in caplog.text


def queues_counted(world: World) -> dict[str, int]:
    """Events of workers by queue."""
    return {queue: n for row in world.reader.event_counts(queues=True) for _, queue, n in row.by_queue()}


def test_what_a_worker_of_one_queue_does_is_counted_by_it_until_it_is_another_process(world: World) -> None:
    world.post.send([Consumption({"w1@host": "mail"})])
    world.hear(event("received", uuid="a"))
    world.hear(event("received", uuid="b"))
    assert queues_counted(world) == {"mail": 2}

    world.hear(Event(type="worker-online", hostname="w1@host", timestamp=NOW), event("received", uuid="c"))
    world.hear(event("received", uuid="d"))
    assert queues_counted(world)["mail"] <= 3
    assert sum(queues_counted(world).values()) == 4


def test_silences_are_stored_and_lifted_though_no_event_comes(world: World) -> None:
    silence = Silence(
        id="a", name="t", exception="E", file=None, function=None, reason="known", user="ann", at=NOW,
        until=time.time() + 1000,
    )  # fmt: skip
    world.post.send([Silenced(silence)])
    assert world.ingest.commit()
    stored = world.reader.silences()
    world.post.send([Lifted("a", NOW)])
    assert world.ingest.commit()

    assert (stored, world.reader.silences()) == ([silence], [])


def test_samples_of_queues_are_stored_once(world: World) -> None:
    """A queue that no event named is one of the names from then on."""
    sample = Sample()
    sample.add(4, None, 1)
    minute = int(time.time()) // 60 * 60
    world.post.send([QueueSamples(minute, {"mail": sample})])
    assert world.ingest.commit()
    assert world.ingest.commit(last=True)

    query = DepthQuery(start=minute, end=minute + 1, points=2)
    (line,) = world.reader.queue_lines(query).items
    assert (line.name, line.ready) == ("mail", [4.0])
    assert world.reader.queue_history("mail", query).consumers == [1.0]
