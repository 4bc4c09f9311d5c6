"""What can be sent, and what is refused in words before Celery sees it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from flower_monitor.exceptions import OptionError
from flower_monitor.publish.order import order
from flower_monitor.publish.outcome import Outcome, outcome


def test_a_task_without_anything_has_no_arguments_and_a_new_id() -> None:
    first, second = order("tasks.add", {}), order("tasks.add", {})

    assert (first.name, first.args, first.kwargs, first.options) == ("tasks.add", [], {}, {})
    assert first.uuid != second.uuid


def test_an_option_that_is_not_known_is_passed_on() -> None:
    """K10."""
    assert order("t", {"queue": "q", "app_id": "mine"}).options == {"queue": "q", "app_id": "mine"}


def test_an_id_is_kept() -> None:
    assert order("t", {"task_id": "mine"}).uuid == "mine"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"countdown": 1.5}, {"countdown": 1.5}),
        ({"countdown": "10"}, {"countdown": 10.0}),
        ({"expires": "60"}, {"expires": 60.0}),
        ({"expires": "2030-01-02 03:04:05.000006"}, {"expires": datetime(2030, 1, 2, 3, 4, 5, 6, UTC)}),
        ({"eta": "2030-01-02 03:04:05.000006"}, {"eta": datetime(2030, 1, 2, 3, 4, 5, 6, UTC)}),
        ({"eta": "2030-1-2 3:4:5.6"}, {"eta": datetime(2030, 1, 2, 3, 4, 5, 600_000, UTC)}),
        ({"eta": "2030-01-02T03:04:05Z"}, {"eta": datetime(2030, 1, 2, 3, 4, 5, 0, UTC)}),
        ({"queue": None, "priority": None}, {}),
    ],
)
def test_an_option_is_taken_as_flower_takes_it(given: dict[str, Any], taken: dict[str, Any]) -> None:
    assert order("t", given).options == taken


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("args", {}),
        ("args", "x"),
        ("kwargs", []),
        ("kwargs", None),
        ("countdown", None),
        ("countdown", "x"),
        ("countdown", True),
        ("countdown", "nan"),
        ("countdown", 1e300),
        ("eta", 5),
        ("eta", None),
        ("eta", "tomorrow"),
        ("expires", None),
        ("expires", "soon"),
        ("queue", 5),
        ("queue", {"name": "q"}),
        ("queue", ""),
        ("queue", "ü" * 128),
        ("serializer", 5),
        ("priority", "high"),
        ("priority", 256),
        ("priority", True),
        ("headers", []),
        ("ignore_result", "yes"),
        ("link", {"name": "tasks.add"}),
        ("time_limit", "long"),
        ("connection", "redis://elsewhere"),
        ("producer", {}),
        ("retry_policy", {"max_retries": None}),
    ],
)
def test_what_flower_answers_500_for_names_its_field(field: str, value: Any) -> None:
    """D9."""
    with pytest.raises(OptionError, match=field) as caught:
        order("t", {field: value})

    assert caught.value.field == field


def test_an_exception_is_shown_as_python_shows_it() -> None:
    assert outcome({"status": "FAILURE", "result": KeyError("boom"), "traceback": "Traceback"}) == Outcome(
        "FAILURE", "KeyError('boom')", "Traceback"
    )


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, datetime(2030, 1, 1)])
def test_what_json_has_not_is_shown_as_python_shows_it(value: Any) -> None:
    assert outcome({"status": "SUCCESS", "result": value}).result == repr(value)


@pytest.mark.parametrize("done", ["2030-01-01T00:00:00+00:00", datetime(2030, 1, 1, tzinfo=UTC)])
def test_the_end_is_iso_8601_whatever_the_backend_gives(done: Any) -> None:
    assert outcome({"status": "SUCCESS", "date_done": done}).date_done == "2030-01-01T00:00:00+00:00"
