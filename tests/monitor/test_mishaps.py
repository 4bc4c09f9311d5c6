"""What happens to connection and buffer becomes incidents."""

from msgspec.structs import replace

from flower_monitor.mishaps import BURST, Mishaps
from flower_monitor.receive import url
from flower_monitor.receive.link import Break, Link
from flower_monitor.truth.gaps import Gap, Gaps


class World:
    """A connection, and the gaps that come of it."""

    def __init__(self, written: float | None = None) -> None:
        self.gaps = Gaps()
        self.link = Link(url.parse("redis://localhost"))
        self.mishaps = Mishaps(self.gaps, written, 1000.0)

    def connected(self, at: float, mode: str = "pub/sub") -> list[str]:
        self.link.connections += 1
        self.link.status = replace(self.link.status, state="connected", since=at, mode=mode)
        return list(self.mishaps.connection(self.link))

    def lost(self, at: float) -> list[str]:
        self.link.status = replace(self.link.status, state="disconnected", since=at, last_error="refused")
        return list(self.mishaps.connection(self.link))

    @property
    def all(self) -> list[Gap]:
        return list(self.gaps.dirty.values())


def test_the_first_start_of_a_store_is_no_gap() -> None:
    world = World()
    world.connected(1001)

    assert world.all == []


def test_the_time_from_the_last_write_to_the_first_connection_is_a_gap() -> None:
    world = World(written=900)
    world.connected(1001)

    assert [(gap.why, gap.start, gap.end) for gap in world.all] == [("stopped", 900, 1001)]


def test_a_stop_is_no_gap_where_the_broker_kept_the_events() -> None:
    world = World(written=900)
    world.connected(1001, mode="queue")

    assert world.all == []


def test_a_broken_connection_is_a_gap_at_once_and_ends_with_the_break() -> None:
    world = World()
    world.connected(1001)
    world.lost(1010)
    assert [(gap.why, gap.start, gap.end, gap.detail) for gap in world.all] == [("disconnected", 1010, None, "refused")]

    world.link.breaks.append(Break(1009.5, 1020, "closed", "it hung up", False))
    assert world.connected(1020) == ["closed"]
    assert [(gap.start, gap.end, gap.detail) for gap in world.all] == [(1009.5, 1020, "it hung up")]


def test_a_cut_off_between_two_looks_is_a_gap_too() -> None:
    world = World()
    world.connected(1001)
    world.link.breaks.append(Break(1010, 1010.1, "cut-off", "too slow", False))
    world.connected(1010.1)

    assert [(gap.why, gap.start, gap.end) for gap in world.all] == [("cut-off", 1010, 1010.1)]


def test_drops_that_follow_each_other_are_one_gap() -> None:
    world = World()
    world.mishaps.dropped(5, 1001)
    world.mishaps.dropped(0, 1001.5)
    world.mishaps.dropped(7, 1002)
    world.mishaps.dropped(0, 1002.1 + BURST)
    world.mishaps.dropped(1, 1010)

    assert [(gap.why, gap.end, gap.events) for gap in world.all] == [("dropped", 1002, 12), ("dropped", 1010, 1)]


def test_a_broker_that_is_down_from_the_start_is_a_gap_at_once() -> None:
    world = World(written=900)
    world.lost(1002)
    assert [(gap.why, gap.start, gap.end) for gap in world.all] == [("stopped", 900, None)]

    world.connected(1100)
    assert [(gap.why, gap.start, gap.end) for gap in world.all] == [("stopped", 900, 1100)]
