"""Times and labels. What is expected is what Flower 2.2.0 answered, unless a test says why not."""

import re
import time
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from flower_monitor import format_time, humanize
from flower_monitor.library.text import natural_time

AT = 1795251117.5
UUID = "55e1c2a8-1d8e-4e5e-9d2a-0b1c2d3e4f50"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, None, ""),
        ("worker-online", None, "Worker online"),
        ("task_received", None, "Task received"),
        ("ssl_url", None, "SSL URL"),
        ("retail", None, "RETAil"),
        ("args", None, "args"),
        ("kwargs", None, "kwargs"),
        ("x", None, "X"),
        (UUID, None, UUID),
        ([1, 2.5, "a"], None, "1, 2.5, a"),
        ([], None, ""),
        ([None], None, [None]),
        (3, None, 3),
        ("a-b", "other", "A b"),
        (0, "duration", "0.00 ms"),
        (0.0012, "duration", "1.20 ms"),
        (1, "duration", "1.00 s"),
        (59.999, "duration", "60.00 s"),
        (60, "duration", "1m 00s"),
        (61.5, "duration", "1m 02s"),
        (3599.6, "duration", "1h 00m 00s"),
        (90061, "duration", "25h 01m 01s"),
        ("2.5", "duration", "2.50 s"),
        (0, "time", ""),
        (AT, "time", "2026-11-21 08:51:57.500000 UTC"),
        ("1795251117.25", "time", "2026-11-21 08:51:57.250000 UTC"),
        (AT, "time-Europe/Berlin", "2026-11-21 09:51:57.500000 CET"),
        (AT, "time-America/New_York", "2026-11-21 03:51:57.500000 EST"),
        (1_000_000, "natural-time", "1970-01-12 13:46:40.000000 UTC"),
        (0, "natural-time", ""),
    ],
)
def test_a_value_is_shown_as_flower_shows_it(value: Any, kind: str | None, shown: Any) -> None:
    assert humanize(value, kind) == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (0.9, "now"),
        (-0.9, "now"),
        (1, "a second ago"),
        (59.9, "59 seconds ago"),
        (60, "a minute ago"),
        (89.5, "a minute ago"),
        (90, "2 minutes ago"),
        (150, "2 minutes ago"),
        (3569, "59 minutes ago"),
        (3570, "an hour ago"),
        (5400, "2 hours ago"),
        (86_399, "a day ago"),
        (-3, "3 seconds from now"),
        (-7300, "2 hours from now"),
    ],
)
def test_what_was_lately_is_said_in_words(ago: float, shown: str) -> None:
    """All half seconds of a day, both ways, were compared with the library that Flower uses."""
    assert natural_time(ago) == shown


def test_natural_time_is_by_the_clock() -> None:
    assert humanize(time.time() - 7250, "natural-time") == "2 hours ago"


def test_a_time_far_ahead_is_shown_as_a_time() -> None:
    """Flower says `2 years from now`; nothing of a task is so far ahead that words would do."""
    assert re.fullmatch(r"\d{4}-.* UTC", str(humanize(time.time() + 90_000, "natural-time")))


@pytest.mark.parametrize(
    ("tz", "shown"),
    [
        (UTC, "1970-01-01 00:00:01.250000 UTC"),
        ("Asia/Kolkata", "1970-01-01 05:30:01.250000 IST"),
        (timezone(timedelta(hours=2), "EET"), "1970-01-01 02:00:01.250000 EET"),
    ],
)
def test_a_time_in_a_zone(tz: Any, shown: str) -> None:
    assert format_time(1.25, tz) == shown


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd"])
def test_a_zone_that_is_none_is_told(zone: str) -> None:
    with pytest.raises(ValueError, match="tz: there is no time zone"):
        format_time(1.25, zone)


def test_what_is_no_number_is_told() -> None:
    with pytest.raises(ValueError, match="obj: "):
        humanize([1], "duration")
