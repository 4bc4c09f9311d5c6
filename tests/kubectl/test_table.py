"""Columns and ages."""

import pytest

from flower_operator.kubectl.commands import print_finding
from flower_operator.kubectl.errors import Failed
from flower_operator.kubectl.findings import wrong
from flower_operator.kubectl.table import age, table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("NAME", "READY"), [("a-long-name", "True"), ("b", None)]) == (
        "NAME          READY\na-long-name   True\nb             -"
    )


def test_what_somebody_named_moves_no_cursor() -> None:
    assert "\x1b" not in table(("NAME",), [("a\x1b[2Jb",)])


def test_what_a_monitor_says_to_the_doctor_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    print_finding(wrong("broker", "down\x1b[1A\x1b[2K", "mend\n✓ broker: connected"))
    assert capsys.readouterr().out.splitlines() == ["✗ broker: down?[1A?[2K", "    → mend?✓ broker: connected"]


def test_an_error_keeps_its_lines_and_moves_no_cursor() -> None:
    assert Failed("kubectl said\nno\x9b2K").format_message() == "kubectl said\nno?2K"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59, "59s"), (60, "1m"), (7200, "2h"), (86400, "1d"), (400 * 86400, "400d")]
)
def test_an_age_is_in_its_largest_unit(seconds: float, text: str) -> None:
    assert age(seconds) == text
