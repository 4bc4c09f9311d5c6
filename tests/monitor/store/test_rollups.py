"""Sums by minute, hour and day: nothing is lost when they get coarser, and quantiles stay exact to the stated error."""

import math
import random
import time
from pathlib import Path
from typing import Any

import pytest

from flower_monitor.fold.sums import Slot, Sums
from flower_monitor.store import connect, rollups
from flower_monitor.store.latencies import LatencyQuery
from flower_monitor.store.reader import Reader
from flower_monitor.store.rollups import DAY, HOUR, MINUTE, Rollups

NAME, OTHER, QUEUE = 1, 2, 3
NOW = 1_800_000_000.0 // DAY * DAY + 3.5 * HOUR


class Sheet:
    """Rollups in a store, and a reader of it."""

    def __init__(self, path: Path, age: float = 90 * DAY) -> None:
        self.connection = connect.writer(path)
        self.connection.execute("insert into name(id, text) values (1, 'pay'), (2, 'ship'), (3, 'celery')")
        self.rollups = Rollups(self.connection, age)
        self.reader = Reader(path)

    def add(self, at: float, runs: list[float], name: int = NAME, state: int = 0, waited: float = 1.0) -> None:
        """Tasks that ended at a time."""
        sums = Sums()
        for run in runs:
            sums.ended(waited, run)
        slot: Slot = (int(at // 60), name, QUEUE, state)
        with self.connection:
            self.rollups.add({slot: sums}, at)

    def thin(self, now: float = NOW) -> None:
        with self.connection:
            self.rollups.thin(now, time.monotonic() + 60)

    def steps(self) -> dict[int, int]:
        """Step -> rows."""
        return dict(self.connection.execute("select step, count(*) from rollup group by step"))

    def total(self) -> int:
        found: int = self.connection.execute("select sum(n) from rollup").get
        return found


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "s")


def test_quantiles_over_minutes_hours_and_days_are_within_the_error(sheet: Sheet) -> None:
    numbers = random.Random(1)
    every = []
    for hours in range(0, 24 * 30, 5):
        runs = [numbers.lognormvariate(-1, 1.5) for _ in range(20)]
        sheet.add(NOW - hours * HOUR, runs)
        every += runs
    sheet.thin()

    found = sheet.reader.latencies(LatencyQuery(start=NOW - 31 * DAY, end=NOW + 60))

    every.sort()
    (row,) = found.rows
    assert row.n == row.run.n == len(every)
    exact = [every[math.floor(q * (len(every) - 1))] for q in (0.5, 0.95, 0.99)]
    assert [row.run.p50, row.run.p95, row.run.p99] == pytest.approx(exact, rel=found.error)
    assert set(sheet.steps()) == {MINUTE, HOUR, DAY}


def test_minutes_of_yesterday_become_hours(sheet: Sheet) -> None:
    for minute in range(600):
        sheet.add(NOW - 2 * DAY + minute * MINUTE, [1.0])
    sheet.thin()

    assert (sheet.steps(), sheet.total()) == ({HOUR: 11}, 600)


def test_many_minutes_become_hours_in_small_steps(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NAME, OTHER):
        for minute in range(50):
            sheet.add(NOW - 2 * DAY + minute * MINUTE, [1.0], name)
    monkeypatch.setattr(rollups, "STEP", 7)
    with sheet.connection:
        sheet.rollups.thin(NOW, time.monotonic() - 1)
    assert sheet.steps()[MINUTE] == 100

    sheet.thin()

    assert sheet.steps() == {HOUR: 4}
    assert sheet.total() == 100


def test_minutes_go_up_sooner_when_there_are_too_many(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of task names must not fill the disk with minutes."""
    monkeypatch.setattr(rollups, "MOST_ROWS", 100)
    for minute in range(200):
        sheet.add(NOW - 6 * HOUR + minute * MINUTE, [1.0])
    sheet.thin()

    assert sheet.steps()[MINUTE] == 100
    assert sheet.total() == 200


def test_the_number_of_rows_is_known_over_restarts(sheet: Sheet) -> None:
    for minute in range(300):
        sheet.add(NOW - DAY - 4 * HOUR + minute * MINUTE, [1.0])
    sheet.thin()
    sheet.rollups = Rollups(sheet.connection, 90 * DAY)
    sheet.add(NOW, [1.0])
    sheet.thin()

    counted = dict(sheet.connection.execute("select step, n from rollup_rows where n > 0"))
    assert counted == sheet.steps()


def test_what_is_older_than_the_retention_goes(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "s", age=20 * DAY)
    sheet.add(NOW - 30 * DAY, [1.0])
    sheet.add(NOW - 16 * DAY, [1.0])
    sheet.thin()

    assert sheet.steps() == {DAY: 1}


def test_a_late_event_is_added_to_a_coarser_row(sheet: Sheet) -> None:
    sheet.add(NOW - 2 * DAY, [1.0])
    sheet.thin()
    sheet.add(NOW - 2 * DAY, [1.0])
    sheet.thin(NOW + 61)

    assert sheet.steps() == {HOUR: 1}
    assert sheet.total() == 2


def test_a_batch_that_is_rolled_back_is_not_counted_twice(sheet: Sheet) -> None:
    sums = Sums()
    sums.ended(1.0, 1.0)
    sheet.add(NOW, [1.0])
    for _ in range(2):
        sheet.connection.execute("begin immediate")
        sheet.rollups.add({(int(NOW // 60), NAME, QUEUE, 0): sums}, NOW)
        sheet.connection.execute("rollback")
        sheet.rollups.reset()
    sheet.add(NOW, [1.0])

    assert sheet.total() == 2


def test_rows_can_be_told_apart_and_picked(sheet: Sheet) -> None:
    sheet.add(NOW, [1.0, 1.0], NAME)
    sheet.add(NOW, [4.0], OTHER, state=1)
    between: dict[str, Any] = {"start": NOW - HOUR, "end": NOW + HOUR}

    apart = sheet.reader.latencies(LatencyQuery(**between, by=("name", "state"))).rows
    assert [(row.name, row.state, row.queue, row.n) for row in apart] == [
        ("pay", "SUCCESS", None, 2),
        ("ship", "FAILURE", None, 1),
    ]
    picked: dict[str, Any]
    for picked in ({"name": "ship"}, {"state": ("FAILURE",)}, {"queue": "celery", "name": "ship"}):
        assert [row.n for row in sheet.reader.latencies(LatencyQuery(**between, **picked)).rows] == [1]
    nothing: dict[str, Any]
    for nothing in ({"name": "never"}, {"queue": "never"}, {"state": ("NEVER",)}):
        assert sheet.reader.latencies(LatencyQuery(**between, **nothing)).rows == []


def test_a_range_is_answered_step_by_step(sheet: Sheet) -> None:
    hour = NOW // HOUR * HOUR
    for minute in range(10):
        sheet.add(hour + minute * MINUTE, [1.0] * (minute + 1))

    found = sheet.reader.latencies(LatencyQuery(start=hour, end=hour + 600, step=300))

    assert [(row.start, row.n) for row in found.rows] == [(hour, 15), (hour + 300, 40)]


def test_the_answer_says_which_range_it_covers(sheet: Sheet) -> None:
    sheet.add(NOW - 2 * DAY, [1.0])
    sheet.thin()

    found = sheet.reader.latencies(LatencyQuery(start=NOW - 2 * DAY, end=NOW - 2 * DAY + 1))

    assert (found.start % HOUR, found.end - found.start) == (0, HOUR)


def test_a_day_of_minutes_takes_megabytes(sheet: Sheet) -> None:
    """20 names with two outcomes, 100 tasks a minute each: a day of it, projected from an hour."""
    numbers = random.Random(1)
    before = sheet.connection.pragma("page_count")
    for minute in range(60):
        for name in range(20):
            for state in (0, 1):
                sheet.add(NOW + minute * 60, [numbers.lognormvariate(-2, 1) for _ in range(100)], name, state)

    size = (sheet.connection.pragma("page_count") - before) * 8192

    assert size * 24 < 30e6


def test_a_sum_without_times_has_no_sketch(sheet: Sheet) -> None:
    sums = Sums()
    sums.ended(None, None)
    with sheet.connection:
        sheet.rollups.add({(int(NOW // 60), NAME, QUEUE, 2): sums}, NOW)

    (row,) = sheet.reader.latencies(LatencyQuery(start=NOW - 60, end=NOW + 60)).rows
    assert (row.n, row.run.n, row.run.p50, row.wait.p99) == (1, 0, None, None)
