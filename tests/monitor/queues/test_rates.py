"""How fast queues fill and empty."""

import pytest

from flower_monitor.queues.rates import FAR, Rates, Trend, drain_time, ended, rates
from flower_monitor.store.records import RollupRow

NOTHING = Rates(None, None)


def of(minute: int, queue: str | None, n: int, state: str = "SUCCESS") -> RollupRow:
    return RollupRow(minute, "tasks.add", queue, state, n, 0.0)


def test_a_trend_needs_two_looks_that_are_some_seconds_apart() -> None:
    trend = Trend()
    trend.add(100.0, {"work": 50})

    assert [trend.growth("work", at, 30) for at in (104.0, 110.0, 100.0 + FAR + 1)] == [None, -2.0, None]


def test_a_trend_of_a_queue_that_was_not_looked_at_is_not_known() -> None:
    trend = Trend()
    trend.add(100.0, {"work": 50})

    assert trend.growth("mail", 110.0, 30) is None


def test_the_oldest_look_that_is_near_enough_counts() -> None:
    trend = Trend()
    for at, length in ((0.0, 1000), (100.0, 50), (120.0, 40)):
        trend.add(at, {"work": length})

    assert trend.growth("work", 150.0, 0) == -1.0


def test_looks_are_remembered_only_so_often() -> None:
    trend = Trend()
    for tenth in range(10_000):
        trend.add(tenth / 10, {"work": tenth})

    assert trend.growth("work", 999.0 + FAR / 2, 9990) is not None
    assert len(trend._looks) <= FAR


def test_a_clock_that_is_set_back_does_not_end_the_trend() -> None:
    trend = Trend()
    trend.add(10_000.0, {"work": 9})
    trend.add(100.0, {"work": 9})

    assert trend.growth("work", 110.0, 19) == 1.0


def test_a_purge_is_no_trend() -> None:
    trend = Trend()
    trend.add(100.0, {"work": 50, "mail": 50})
    trend.forget("work")

    assert [trend.growth(name, 110.0, 0) for name in ("work", "mail")] == [None, -5.0]


def test_what_ended_is_told_by_queue_whatever_became_of_it() -> None:
    rows = [of(600, "work", 100), of(660, "work", 50, "RETRY"), of(660, None, 9), of(660, "mail", 30)]

    assert ended(rows, now=750.0, started=0.0) == {"work": 150 / 270, "mail": 30 / 270}


def test_minutes_before_the_monitor_watched_do_not_count() -> None:
    rows = [of(600, "work", 100), of(660, "work", 50)]

    assert ended(rows, now=760.0, started=601.0) == {"work": 0.5}


def test_a_monitor_that_has_just_started_knows_no_rate() -> None:
    assert ended([of(600, "work", 100)], now=640.0, started=590.0) is None


def test_what_the_broker_measured_wins() -> None:
    assert rates(Rates(1.0, 2.0), 5.0, 7.0) == Rates(1.0, 2.0)


@pytest.mark.parametrize(
    ("out", "growth", "found"),
    [
        (2.0, 1.5, Rates(3.5, 2.0)),
        (2.0, -3.0, Rates(0.0, 2.0)),
        (2.0, None, Rates(None, 2.0)),
        (None, 1.0, NOTHING),
    ],
)
def test_what_comes_in_is_what_goes_out_and_what_the_queue_grows_by(
    out: float | None, growth: float | None, found: Rates
) -> None:
    assert rates(NOTHING, out, growth) == found


@pytest.mark.parametrize(
    ("ready", "found", "growth", "seconds"),
    [
        (0, NOTHING, None, 0.0),
        (100, NOTHING, -4.0, 25.0),
        (100, NOTHING, 0.0, None),
        (100, NOTHING, 4.0, None),
        (100, Rates(1.0, 3.0), None, 50.0),
        (100, Rates(3.0, 1.0), None, None),
        (100, Rates(None, 3.0), None, None),
    ],
)
def test_a_queue_is_empty_when_it_goes_on_shrinking(
    ready: int, found: Rates, growth: float | None, seconds: float | None
) -> None:
    assert drain_time(ready, found, growth) == seconds
