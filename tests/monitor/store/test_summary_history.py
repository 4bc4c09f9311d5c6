"""The summary's numbers over a range: folded up with age, and no 0 where nothing was known."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from flower_monitor.store import connect, summary_history
from flower_monitor.store.queue_history import DepthQuery
from flower_monitor.store.reader import Reader
from flower_monitor.store.rollups import DAY, HOUR, MINUTE
from flower_monitor.store.sampled import Sampled
from flower_monitor.store.summary_history import SummaryHistory
from flower_monitor.summary_samples import Figure, SummarySample

NOW = 1_800_000_000 // DAY * DAY + 3 * HOUR


class Sheet:
    """Samples in a store, and a reader of it."""

    def __init__(self, path: Path, age: float = 90 * DAY) -> None:
        self.connection = connect.writer(path)
        self.samples = Sampled(self.connection, summary_history.LAYOUT, age)
        self.reader = Reader(path)

    def know(self, at: int, figures: Mapping[Figure, float]) -> None:
        """Some figures of the minute that begins at a time."""
        with self.connection:
            self.samples.add(summary_history.rows([SummarySample(at, dict(figures))]))

    def thin(self) -> None:
        with self.connection:
            self.samples.thin(NOW, time.monotonic() + 60)

    def steps(self) -> dict[int, int]:
        """Step -> rows."""
        return dict(self.connection.execute("select step, count(*) from summary_sample group by step"))

    def read(self, start: float, end: float, points: int = 500) -> SummaryHistory:
        return self.reader.summary_history(DepthQuery(start=start, end=end, points=points))


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "s")


def test_a_minute_without_a_sample_is_unknown(sheet: Sheet) -> None:
    sheet.know(NOW, {"workers": 3, "lag": 0.25})
    sheet.know(NOW + 2 * MINUTE, {"workers": 0})

    found = sheet.read(NOW, NOW + 3 * MINUTE)

    assert (found.start, found.end, found.step) == (NOW, NOW + 3 * MINUTE, MINUTE)
    assert (found.workers, found.lag) == ([3.0, None, 0.0], [0.25, None, None])
    assert found.waiting == found.seen == found.least_seen == [None, None, None]


def test_a_step_of_many_minutes_has_mean_and_extremes(sheet: Sheet) -> None:
    for minute, (workers, waiting, lag, seen) in enumerate([(4, 0, 0.1, 1), (1, 50, 0.5, 0.75), (4, 10, 0.3, 0.5)]):
        sheet.know(NOW + minute * MINUTE, {"workers": workers, "waiting": waiting, "lag": lag, "seen": seen})

    found = sheet.read(NOW, NOW + 10 * MINUTE, points=2)

    assert (found.workers[0], found.least_workers[0]) == (3.0, 1.0)
    assert (found.waiting[0], found.most_waiting[0]) == (20.0, 50.0)
    assert (found.lag[0], found.most_lag[0]) == (0.3, 0.5)
    assert (found.seen[0], found.least_seen[0]) == (0.75, 0.5)


def test_one_of_a_million_that_was_missed_still_tells(sheet: Sheet) -> None:
    sheet.know(NOW, {"seen": 1 - 1e-6})

    assert sheet.read(NOW, NOW + MINUTE).seen == [0.999999]


def test_minutes_of_yesterday_become_hours_and_those_days(sheet: Sheet) -> None:
    for minute in range(120):
        sheet.know(NOW - 2 * DAY + minute * MINUTE, {"workers": minute})
    sheet.know(NOW - 20 * DAY, {"workers": 7})
    sheet.thin()

    found = sheet.read(NOW - 2 * DAY, NOW - 2 * DAY + 3 * HOUR)

    assert sheet.steps() == {HOUR: 2, DAY: 1}
    assert (found.step, found.workers, found.least_workers) == (HOUR, [29.5, 89.5, None], [0.0, 60.0, None])


def test_what_is_older_than_rollups_are_kept_goes(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "s", age=30 * DAY)
    sheet.know(NOW - 40 * DAY, {"workers": 1})
    sheet.know(NOW - 20 * DAY, {"workers": 1})
    sheet.thin()

    assert sheet.steps() == {DAY: 1}


@pytest.mark.parametrize("length", [300, 3601, 7 * DAY, 90 * DAY])
def test_there_are_no_more_steps_than_asked_for(sheet: Sheet, length: int) -> None:
    sheet.know(NOW, {"workers": 1})

    assert len(sheet.read(NOW + 45 - length, NOW + 45, points=30).workers) <= 30
