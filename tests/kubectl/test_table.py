"""Columns and ages."""

import pytest

from flower_operator.kubectl.table import age, table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("NAME", "READY"), [("a-long-name", "True"), ("b", None)]) == (
        "NAME          READY\na-long-name   True\nb             -"
    )


def test_what_somebody_named_moves_no_cursor() -> None:
    assert "\x1b" not in table(("NAME",), [("a\x1b[2Jb",)])


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59, "59s"), (60, "1m"), (7200, "2h"), (86400, "1d"), (400 * 86400, "400d")]
)
def test_an_age_is_in_its_largest_unit(seconds: float, text: str) -> None:
    assert age(seconds) == text
