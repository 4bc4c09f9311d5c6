"""Counters and rates."""

from flower_monitor.counts import Counters, Rate


def test_what_is_pending_is_written_once_and_totals_go_on() -> None:
    counters = Counters({"events_received": 10})
    counters.add("events_received", 5)
    counters.add("events_invalid", 1, reason="body")
    assert counters.pending == {("events_received", ()): 5, ("events_invalid", (("reason", "body"),)): 1}

    counters.settle()

    assert counters.pending == {}
    assert counters.total("events_received") == 15


def test_nothing_is_not_counted() -> None:
    counters = Counters({})
    counters.add("events_dropped", 0, reason="buffer")

    assert counters.pending == {}


def test_a_rate_is_that_of_the_last_minute() -> None:
    rate = Rate(0.0, 1000)
    for second in range(1, 121):
        found = rate.at(float(second), 1000 + 10 * second)
    assert found == 10

    for second in range(121, 200):
        found = rate.at(float(second), 2200)
    assert found == 0


def test_what_comes_at_once_after_the_start_is_no_rate_of_thousands() -> None:
    assert Rate(0.0, 1000).at(0.1, 1500) == 500
