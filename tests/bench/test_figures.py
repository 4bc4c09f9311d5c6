"""Medians and quantiles."""

from bench.measure.figures import Quantiles, Spread, quantiles, spread


def test_a_spread_leaves_out_what_was_not_measured() -> None:
    assert spread([3.0, None, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0, 3)


def test_nothing_measured_is_no_spread() -> None:
    assert spread([None]) is None


def test_quantiles_are_milliseconds_of_the_value_at_that_part() -> None:
    assert quantiles([i / 1000 for i in range(100)]) == Quantiles(p50=50, p95=95, p99=99, max=99, n=100)


def test_quantiles_do_not_depend_on_the_order() -> None:
    assert quantiles([0.003, 0.001, 0.002]) == quantiles([0.001, 0.002, 0.003])


def test_no_latencies_have_no_quantiles() -> None:
    assert quantiles([]) is None
