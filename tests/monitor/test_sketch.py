"""Sketches against the exact quantiles."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flower_monitor import sketch
from flower_monitor.sketch import Sketch

QUANTILES = (0.0, 0.5, 0.95, 0.99, 1.0)

times = st.floats(min_value=sketch.LEAST, max_value=sketch.MOST, allow_nan=False)


def made(values: list[float]) -> Sketch:
    found: Sketch = {}
    for value in values:
        sketch.merge(found, {sketch.bucket(value): 1})
    return found


@given(st.lists(times, min_size=1, max_size=500))
@example([1.0])
@example([sketch.LEAST, sketch.MOST])
def test_each_quantile_is_within_the_stated_error(values: list[float]) -> None:
    exact = [sorted(values)[math.floor(q * (len(values) - 1))] for q in QUANTILES]

    assert sketch.quantiles(made(values), QUANTILES) == pytest.approx(exact, rel=sketch.ERROR + 1e-9)


@given(st.lists(times), st.lists(times))
def test_two_sketches_add_up_to_that_of_all_values(some: list[float], others: list[float]) -> None:
    merged = made(some)
    sketch.merge(merged, made(others))

    assert merged == made(some + others)


@given(st.lists(times))
def test_what_is_stored_is_what_was_there(values: list[float]) -> None:
    assert sketch.unpack(sketch.pack(made(values))) == made(values)


@pytest.mark.parametrize("value", [0.0, -5.0, 1e300])
def test_times_that_are_none_count_as_the_shortest_or_longest(value: float) -> None:
    (found,) = sketch.quantiles({sketch.bucket(value): 1}, (0.5,))

    assert found == pytest.approx(min(max(value, sketch.LEAST), sketch.MOST), rel=sketch.ERROR)


def test_nothing_has_no_quantiles() -> None:
    assert sketch.quantiles({}, (0.5, 0.99)) == [None, None]
