"""Caps: long texts are cut, and it is told."""

from typing import Any

import pytest

from flower_monitor import protect
from flower_monitor.fold import row as r
from flower_monitor.fold import task
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner
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


def called(kind: str, args: str, **fields: Any) -> Event:
    return event(kind, name="t", args=args, kwargs="{}", **fields)


def applied(protection: Protection, *events: Event) -> list[str | None]:
    """Args of each event of a task, one after the other, as they are once the row has those before."""
    found, names = row(), Interner(lambda text: None, 1)
    for one in events:
        protection.apply(one, found, "t")
        task.apply(found, one, names.number(one.hostname), task.kind(one, names), names)
    return [one.args for one in events]


def secretive() -> Protection:
    return Protection(Redaction([Rule(pattern="secret")]), Caps())


def test_what_a_task_is_called_with_is_told_once() -> None:
    assert applied(secretive(), called("sent", "secret 1"), called("received", "secret 1")) == ["[redacted] 1", None]


@pytest.mark.parametrize("second", ["secret 2", "[redacted] 1", ""])
def test_what_differs_from_what_was_sent_is_told_too(second: str) -> None:
    shown = second.replace("secret", "[redacted]")

    assert applied(secretive(), called("sent", "secret 1"), called("received", second)) == ["[redacted] 1", shown]


def test_what_the_next_attempt_is_called_with_is_told_again() -> None:
    """Another one may have come between: what was sent before is forgotten."""
    events = [called("sent", "1"), called("received", "1"), called("received", "2"), called("received", "1")]

    assert applied(secretive(), *events) == ["1", None, "2", "1"]


def test_what_was_sent_is_told_again_where_the_row_does_not_have_it() -> None:
    """It was deleted meanwhile."""
    protection, again = secretive(), called("received", "secret 1")
    protection.apply(called("sent", "secret 1"), row(), "t")
    protection.apply(again, row(), "t")

    assert again.args == "[redacted] 1"


def test_the_other_texts_of_an_event_that_tells_the_same_args_are_redacted() -> None:
    failed = called("failed", "1", exception="secret")

    assert applied(secretive(), called("sent", "1"), failed) == ["1", None]
    assert failed.exception == "[redacted]"


def test_what_tasks_are_called_with_is_forgotten_when_too_many_are_never_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(protect, "REMEMBERED", 2)
    protection = secretive()
    found, last = row(), called("received", "1", uuid="0")
    for uuid in "012":
        protection.apply(called("sent", "1", uuid=uuid), found, "t")
    found[r.SENT] = 1.0
    protection.apply(last, found, "t")

    assert last.args == "1"
