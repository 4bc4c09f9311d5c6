"""Flower's way of reading parameters."""

import pytest

from flower_monitor.web.flower.parameters import boolean, choice, integer, moment
from flower_monitor.web.problems import Problem


@pytest.mark.parametrize("text", ["y", "YES", "t", "True", "on", "1"])
def test_words_for_yes(text: str) -> None:
    assert boolean("refresh", text) is True


@pytest.mark.parametrize("text", ["n", "NO", "f", "False", "off", "0", None])
def test_words_for_no(text: str | None) -> None:
    assert boolean("refresh", text) is False


@pytest.mark.parametrize("text", ["", "2", "maybe"])
def test_other_words_are_refused_in_flowers_words(text: str) -> None:
    with pytest.raises(Problem, match=f"Invalid argument '{text}' of type 'bool'"):
        boolean("refresh", text)


@pytest.mark.parametrize(("text", "value"), [("5", 5), (" -5 ", -5), (None, None)])
def test_whole_numbers(text: str | None, value: int | None) -> None:
    assert integer("limit", text) == value


@pytest.mark.parametrize("text", ["", "x", "1.5", "1e3", "9" * 5000])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="of type 'int': limit takes a whole number"):
        integer("limit", text)


@pytest.mark.parametrize("text", [None, "", "All", " All "])
def test_no_filter(text: str | None) -> None:
    assert choice(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 09:30",
        "2026-11-21T09:30",
        "2026-11-21T09:30:00Z",
        "2026-11-21T10:30:00+01:00",
        "2026-11-21 09:30:00.000000",
    ],
)
def test_times_are_utc_unless_they_say_otherwise(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")

    assert moment("received_start", text) == 1795253400.0


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1795253400"])
def test_other_times_are_refused_with_the_format(text: str) -> None:
    with pytest.raises(Problem, match=r"Invalid received_end '.*', expected format 'YYYY-MM-DD HH:MM'"):
        moment("received_end", text)
