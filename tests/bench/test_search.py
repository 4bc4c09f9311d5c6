"""The search for the highest rate that is kept up."""

import pytest

from bench.commands.offered import kept_up
from bench.commands.search import search


@pytest.mark.parametrize("limit", [1, 990, 3100, 7400, 7999])
def test_it_ends_beside_the_limit(limit: int) -> None:
    found = search(0, 8000, 200, lambda rate: rate, lambda rate: rate <= limit)

    assert found.highest_kept_up <= limit < found.lowest_failed
    assert found.lowest_failed - found.highest_kept_up <= 200


def test_it_halves() -> None:
    assert search(0, 8000, 1000, lambda rate: rate, lambda rate: False).trials == [4000, 2000, 1000]


def test_a_step_of_nothing_still_ends() -> None:
    assert search(0, 4, 0, lambda rate: rate, lambda rate: True).highest_kept_up == 3


STEADY = [(float(second), 0.1) for second in range(30)]


def test_a_rate_is_kept_up_without_loss_and_lag() -> None:
    assert kept_up(0.3, 0, 0, STEADY, 30)


@pytest.mark.parametrize(
    ("drained", "lost", "probes_lost", "late"),
    [(1.6, 0, 0, 0.1), (0.3, 1, 0, 0.1), (0.3, 0, 1, 0.1), (0.3, 0, 0, 1.1), (0.3, 0, 0, None)],
    ids=["end seen late", "events lost", "probe lost", "lag", "no answer"],
)
def test_a_rate_is_not_kept_up(drained: float, lost: int, probes_lost: int, late: float | None) -> None:
    lags = [(at, late if at > 20 else lag) for at, lag in STEADY]

    assert not kept_up(drained, lost, probes_lost, lags, 30)


def test_a_loss_that_nobody_counts_is_none() -> None:
    assert kept_up(0.3, None, 0, STEADY, 30)
