"""Clock offsets of senders, from the quickest of their messages."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.truth.offset import SLOWEST_WAY, WINDOW, Offset, ahead, correction, observe

NOW = 1_000_000.0


def observed(offset: float, ways: list[float]) -> Offset | None:
    found: Offset | None = None
    for number, way in enumerate(ways):
        sent = NOW + 2 * number
        found = observe(found, sent + offset, sent + way)
    return found


@given(st.floats(-1e6, 1e6), st.integers(0, 2**32))
def test_the_offset_is_right_but_for_the_quickest_way(offset: float, seed: int) -> None:
    random = Random(seed)
    ways = [0.01 + random.expovariate(1) for _ in range(50)]
    found = ahead(observed(offset, ways))

    assert found is not None
    assert abs(found - (offset - min(ways))) < 1e-6


def test_a_slow_way_is_no_clock_that_is_behind() -> None:
    assert correction(observed(0.0, [0.4, 0.5])) == 0.0
    assert correction(observed(-3600.0, [0.4, 0.5])) == pytest.approx(3600.4)
    assert correction(observed(3600.0, [0.4, 0.5])) == pytest.approx(-3599.6)
    assert SLOWEST_WAY > 0.5


def test_a_clock_that_is_set_back_is_believed_after_two_windows() -> None:
    found = observe(None, NOW + 100, NOW)
    for second in range(0, int(2 * WINDOW) + 4, 2):
        found = observe(found, NOW + second, NOW + second)

    assert ahead(found) == 0
