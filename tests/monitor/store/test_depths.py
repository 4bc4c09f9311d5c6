"""How long queues were: what is told in pieces adds up, gets coarser with age, and is no 0 where nobody looked."""

import time
from pathlib import Path

import pytest

from flower_monitor.fold.intern import Interner
from flower_monitor.queue_samples import QueueSamples, Sample
from flower_monitor.store import connect, sampled
from flower_monitor.store.depths import Depths
from flower_monitor.store.queue_history import DepthQuery, QueueHistory
from flower_monitor.store.reader import Reader
from flower_monitor.store.rollups import DAY, HOUR, MINUTE

NOW = 1_800_000_000 // DAY * DAY + 3 * HOUR


class Sheet:
    """Lengths in a store, and a reader of it."""

    def __init__(self, path: Path, age: float = 90 * DAY) -> None:
        self.connection = connect.writer(path)
        self.connection.execute("insert into name(id, text) values (1, 'mail'), (2, 'celery')")
        self.depths = Depths(self.connection, Interner({"mail": 1, "celery": 2}.get, 3), age)
        self.reader = Reader(path)

    def look(self, at: float, ready: int | None, unacknowledged: int | None = None, queue: str = "mail") -> None:
        """Somebody looked at a queue once."""
        sample = Sample()
        sample.add(ready, unacknowledged, 1)
        with self.connection:
            self.depths.add(self.depths.rows([QueueSamples(int(at) // MINUTE * MINUTE, {queue: sample})]))

    def thin(self, now: float = NOW) -> None:
        with self.connection:
            self.depths.thin(now, time.monotonic() + 60)

    def steps(self) -> dict[int, int]:
        """Step -> rows."""
        return dict(self.connection.execute("select step, count(*) from queue_depth group by step"))

    def read(self, start: float, end: float, points: int = 500, queue: str = "mail") -> QueueHistory:
        return self.reader.queue_history(queue, DepthQuery(start=start, end=end, points=points))


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "s")


def test_looks_of_a_minute_add_up(sheet: Sheet) -> None:
    for ready in (2, 4, 9):
        sheet.look(NOW, ready)

    found = sheet.read(NOW, NOW + MINUTE)

    assert (found.ready, found.most_ready, found.consumers) == ([5.0], [9], [1.0])


def test_where_nobody_looked_there_is_nothing(sheet: Sheet) -> None:
    sheet.look(NOW, 0)
    sheet.look(NOW + 2 * MINUTE, 3)

    found = sheet.read(NOW, NOW + 3 * MINUTE)

    assert (found.ready, found.most_ready) == ([0.0, None, 3.0], [0, None, 3])


def test_what_the_broker_does_not_tell_is_nothing(sheet: Sheet) -> None:
    sheet.look(NOW, 5, unacknowledged=None)

    found = sheet.read(NOW, NOW + MINUTE)

    assert (found.ready, found.unacknowledged) == ([5.0], [None])


def test_minutes_of_yesterday_become_hours_and_those_days(sheet: Sheet) -> None:
    for minute in range(120):
        sheet.look(NOW - 2 * DAY + minute * MINUTE, minute, 1)
    sheet.look(NOW - 20 * DAY, 7)
    sheet.thin()

    found = sheet.read(NOW - 2 * DAY, NOW - 2 * DAY + 2 * HOUR)

    assert sheet.steps() == {HOUR: 2, DAY: 1}
    assert (found.step, found.ready, found.most_ready) == (HOUR, [29.5, 89.5], [59, 119])
    assert found.unacknowledged == [1.0, 1.0]


def test_an_hour_that_is_folded_up_in_pieces_is_whole(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "STEP", 7)
    for minute in range(60):
        sheet.look(NOW - 2 * DAY + minute * MINUTE, minute)
    sheet.thin()

    assert sheet.read(NOW - 2 * DAY, NOW - 2 * DAY + HOUR).ready == [29.5]
    assert sheet.steps() == {HOUR: 1}


def test_too_many_minutes_are_folded_up_sooner(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "MOST_ROWS", 10)
    for minute in range(30):
        sheet.look(NOW - 3 * HOUR + minute * MINUTE, 1)
    sheet.thin()

    assert sheet.steps() == {MINUTE: 10, HOUR: 1}


def test_what_is_older_than_rollups_are_kept_goes(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "s", age=30 * DAY)
    sheet.look(NOW - 40 * DAY, 1)
    sheet.look(NOW - 20 * DAY, 1)
    sheet.thin()

    assert sheet.steps() == {DAY: 1}


def test_a_queue_is_none_of_the_others(sheet: Sheet) -> None:
    sheet.look(NOW, 1)
    sheet.look(NOW, 9, queue="celery")
    query = DepthQuery(start=NOW, end=NOW + MINUTE, points=2)

    lines = sheet.reader.queue_lines(query)

    assert [(line.name, line.ready) for line in lines.items] == [("celery", [9.0]), ("mail", [1.0])]
    assert sheet.read(NOW, NOW + MINUTE).ready == [1.0]
    assert sheet.read(NOW, NOW + MINUTE, queue="never").ready == [None]


@pytest.mark.parametrize("length", [300, 3601, 7 * DAY, 90 * DAY])
def test_there_are_no_more_steps_than_asked_for(sheet: Sheet, length: int) -> None:
    sheet.look(NOW, 1)

    assert len(sheet.read(NOW + 45 - length, NOW + 45, points=30).ready) <= 30
