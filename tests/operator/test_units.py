"""Durations and quantities."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_operator import units


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30d", 2_592_000), ("720h", 2_592_000), ("36h30m", 131_400), ("90s", 90), ("1d2h3m4s", 93_784)],
)
def test_a_duration_in_seconds(text: str, seconds: int) -> None:
    assert units.seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "value"),
    [("10Gi", 10 * 2**30), ("1.5G", 1_500_000_000), ("500m", Decimal("0.5")), (7, 7), ("1e3", 1000), ("1Ki", 1024)],
)
def test_a_quantity_by_its_value(text: str | int, value: int | Decimal) -> None:
    assert units.amount(text) == value


@given(st.integers(0, 2**40), st.sampled_from(["Ki", "Mi", "Gi", "Ti"]))
def test_a_binary_quantity_is_its_number_times_its_unit(number: int, unit: str) -> None:
    assert units.amount(f"{number}{unit}") == number * 1024 ** (["Ki", "Mi", "Gi", "Ti"].index(unit) + 1)


def test_what_is_no_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        units.amount("ten")
