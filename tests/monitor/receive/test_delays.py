"""How long the monitor waits before it tries the broker again."""

from itertools import islice

from flower_monitor.receive.thread import FIRST_DELAY, LONGEST_DELAY, delays


def test_delays_begin_under_a_second_grow_and_are_capped() -> None:
    for _ in range(20):
        found = list(islice(delays(), 50))

        assert FIRST_DELAY / 2 <= found[0] <= FIRST_DELAY
        assert max(found) <= LONGEST_DELAY
        assert min(found[10:]) >= LONGEST_DELAY / 2


def test_delays_are_jittered() -> None:
    assert len({next(delays()) for _ in range(10)}) > 1
