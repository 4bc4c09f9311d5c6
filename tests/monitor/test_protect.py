"""Caps: long texts are cut, and it is told."""

import pytest

from flower_monitor.fold import row as r
from flower_monitor.fold import task
from flower_monitor.protect import Caps, Protection, still_cut
from flower_monitor.redact import Redaction, Rule
from tests.monitor.fold.made import event

CAPS = Caps(args=10, kwargs=10, result=10, exception=10, traceback=20)


def made(*rules: Rule) -> Protection:
    return Protection(Redaction(rules), CAPS)


def row() -> r.Row:
    return task.new(b"", event("received"))


@pytest.mark.parametrize("field", Caps.__struct_fields__)
def test_a_long_text_is_cut_and_says_so(field: str) -> None:
    kept = getattr(CAPS, field)
    one = event("failed", **{field: "x" * (kept + 1234)})
    found = row()
    made().apply(one, found, "t")

    assert getattr(one, field) == "x" * kept + "… (1234 characters cut)"
    assert still_cut(found[r.CUT], {field: getattr(one, field)}) == {field: 1234}


def test_a_text_that_just_fits_is_left_alone() -> None:
    one, found = event("succeeded", result="x" * 10), row()
    made().apply(one, found, "t")

    assert (one.result, found[r.CUT]) == ("x" * 10, None)


def test_what_is_hidden_does_not_come_back_by_the_cut() -> None:
    """Were it cut first, half a secret would no longer match."""
    one = event("succeeded", result="1234567 4111111111111111")
    made(Rule(pattern=r"\d{16}")).apply(one, row(), "t")

    assert "411" not in (one.result or "")


def test_a_short_text_after_a_long_one_is_not_cut() -> None:
    found = row()
    made().apply(event("retried", exception="x" * 100), found, "t")

    assert still_cut(found[r.CUT], {"exception": "ValueError()"}) == {}


def test_events_are_looked_at_only_when_one_may_be_too_long_or_there_is_a_rule() -> None:
    assert [made().needed(10), made().needed(11), made(Rule(task="t")).needed(1)] == [False, True, True]
