"""Fields of custom events: redacted and bounded before they are stored."""

import json
from typing import Any

import pytest

from flower_monitor.fields import LEFT_OUT, LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS, protected
from flower_monitor.redact import HIDDEN, Redaction, Rule


def shown(fields: dict[str, Any], *rules: Rule, task: str | None = "tasks.pay") -> dict[str, Any]:
    return protected(fields, Redaction(rules).of(task))


def test_what_no_rule_is_about_is_left_as_it_is() -> None:
    fields = {"current": 3, "share": 0.5, "done": False, "note": 'a "word" \\ ä', "of": None, "steps": [{"a": 1}]}

    assert shown(fields, Rule(argument="password"), Rule(pattern=r"\d{16}")) == fields


def test_a_field_of_a_hidden_name_is_hidden() -> None:
    assert shown({"password": "hunter2", "Password": 17}, Rule(argument="password")) == {
        "password": HIDDEN,
        "Password": HIDDEN,
    }


def test_a_hidden_name_within_a_value_is_hidden() -> None:
    found = shown({"user": {"name": "ada", "password": "hunter2"}}, Rule(argument="password"))

    assert found == {"user": '{"name": "ada", "password": [redacted]}'}


@pytest.mark.parametrize("value", ["pays with 4111111111111111 today", ["4111111111111111"], 4111111111111111])
def test_what_a_pattern_matches_is_hidden(value: Any) -> None:
    found = shown({"note": value}, Rule(pattern=r"4\d{15}"))

    assert "4111" not in json.dumps(found)
    assert HIDDEN in json.dumps(found)


def test_a_text_keeps_what_is_not_hidden_of_it() -> None:
    assert shown({"note": 'said "4111"\n'}, Rule(pattern="4111")) == {"note": f'said "{HIDDEN}"\n'}


def test_all_is_hidden_of_a_task_whose_texts_are() -> None:
    assert shown({"current": 3}, Rule(task="tasks.pay")) == {HIDDEN: HIDDEN}


def test_of_a_task_without_a_name_is_hidden_what_any_rule_hides() -> None:
    assert shown({"pin": 1234}, Rule(task="tasks.pay", argument="pin"), task=None) == {"pin": HIDDEN}


def test_a_name_that_a_pattern_matches_goes_with_its_value() -> None:
    assert shown({"4111": "x"}, Rule(pattern="4111")) == {HIDDEN: HIDDEN}


@pytest.mark.parametrize("value", ["x" * 5000, ["x" * 5000], {"x" * 5000: 1}])
def test_a_long_value_is_cut_and_says_so(value: Any) -> None:
    found = shown({"note": value})["note"]

    assert found.endswith(" characters cut)")
    assert len(found) < LONGEST_VALUE + 30


def test_a_long_name_is_cut() -> None:
    assert list(shown({"x" * 1000: 1})) == ["x" * LONGEST_NAME]


def test_too_many_fields_are_left_out_and_counted() -> None:
    found = shown({f"f{n}": n for n in range(MOST_FIELDS + 5)})

    assert len(found) == MOST_FIELDS + 1
    assert found[LEFT_OUT] == "5 fields left out"


@pytest.mark.parametrize(
    "value", [10**400, float("nan"), float("inf"), "\ud800", b"\xff", {1: 2}, json.loads("[" * 500 + "]" * 500)]
)
def test_what_json_has_not_becomes_something_that_it_has(value: Any) -> None:
    found = shown({"odd": value}, Rule(pattern="4111"))

    assert json.loads(json.dumps(found, allow_nan=False).encode()) == found
