"""The token bucket."""

from hypothesis import given
from hypothesis import strategies as st

from flower_operator.controller.bucket import Bucket


@given(st.lists(st.floats(0, 0.5), max_size=200))
def test_never_more_than_the_rate_and_one_burst(pauses: list[float]) -> None:
    now = 0.0
    bucket = Bucket(10, lambda: now)
    passed: list[float] = []
    for pause in pauses:
        now += pause
        passed.append(now + bucket.reserve())
    for number, first in enumerate(passed):
        within = sum(first <= moment <= first + 1 for moment in passed[number:])
        assert within <= 20 + 10 + 1


def test_a_full_bucket_lets_a_burst_pass_at_once() -> None:
    bucket = Bucket(10, lambda: 0.0)
    assert [bucket.reserve() for _ in range(20)] == [0.0] * 20
    assert bucket.reserve() > 0
