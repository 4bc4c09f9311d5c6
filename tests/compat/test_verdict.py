"""What makes two answers the same, better or different."""

from typing import Any

import pytest

from compat.check import Answer, Better, Check, Expect, get
from compat.verdict import Judgement, judge

_JSON = {"content-type": "application/json; charset=UTF-8", "x-content-type-options": "nosniff"}
_HTML = {"content-type": "text/html; charset=UTF-8", "x-content-type-options": "nosniff"}
_TEXT = {"content-type": "text/plain; charset=UTF-8", "x-content-type-options": "nosniff"}


def _check(**more: Any) -> Check:
    return get("/api/tasks", **more)


def _answer(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, _JSON if headers is None else headers, text)


@pytest.mark.parametrize(
    ("flower", "ours", "judgement"),
    [
        (_answer('{"a": 1}'), _answer('{"a":1}'), Judgement.SAME),
        (_answer('{"a": 1, "b": 2}'), _answer('{"b": 2, "a": 1}'), Judgement.DIFFERS),
        (_answer('{"a": 1}'), _answer('{"a": 1.5}'), Judgement.DIFFERS),
        (_answer("{}"), _answer("{}", 404), Judgement.DIFFERS),
        (_answer("x", headers=_HTML), _answer("x", headers=_TEXT), Judgement.DIFFERS),
        (_answer("x", headers=_TEXT), _answer("x", headers={**_TEXT, "date": "now"}), Judgement.SAME),
    ],
    ids=["spaces", "order of keys", "a value", "status", "type", "a header that nobody looks at"],
)
def test_answers_are_the_same_when_all_that_is_looked_at_is(flower: Answer, ours: Answer, judgement: Judgement) -> None:
    assert judge(_check(), flower, ours).judgement is judgement


def test_a_deviation_that_flower_has_mended_is_told() -> None:
    better = Better(deviation="D9", flower=Expect(500), ours=Expect(400, "^kwargs"))

    verdict = judge(_check(better=better), _answer("kwargs?", 400, _TEXT), _answer("kwargs?", 400, _TEXT))

    assert verdict.judgement is Judgement.DIFFERS
    assert "Flower: status 400, not 500" in verdict.text


def test_a_deviation_that_ours_does_not_keep_is_told() -> None:
    better = Better(deviation="D9", flower=Expect(500), ours=Expect(400))

    verdict = judge(_check(better=better), _answer("", 500, _TEXT), _answer("", 500, _TEXT))

    assert verdict.text.startswith("ours: status 500, not 400")


@pytest.mark.parametrize(
    ("better", "flower", "ours", "judgement"),
    [
        (
            Better(deviation="D13", added=("replies",)),
            _answer('{"message": "done"}'),
            _answer('{"message": "done", "replies": {}}'),
            Judgement.BETTER,
        ),
        (
            Better(deviation="D13", added=("replies",)),
            _answer('{"message": "done"}'),
            _answer('{"message": "done"}'),
            Judgement.DIFFERS,
        ),
        (
            Better(deviation="D13", added=("replies",)),
            _answer('{"message": "done"}'),
            _answer('{"message": "other", "replies": {}}'),
            Judgement.DIFFERS,
        ),
        (
            Better(deviation="D10", longer=True),
            _answer("Invalid", 400, _TEXT),
            _answer("Invalid: n takes a number", 400, _TEXT),
            Judgement.BETTER,
        ),
        (
            Better(deviation="D10", longer=True),
            _answer("Invalid", 400, _TEXT),
            _answer("Invalid", 400, _TEXT),
            Judgement.DIFFERS,
        ),
        (
            Better(deviation="D10", longer=True),
            _answer("Invalid", 400, _TEXT),
            _answer("Invalid: n takes a number", 422, _TEXT),
            Judgement.DIFFERS,
        ),
        (
            Better(deviation="D5", plain=True),
            _answer("Failed", 403, _HTML),
            _answer("Failed", 403, _TEXT),
            Judgement.BETTER,
        ),
        (
            Better(deviation="D5", plain=True),
            _answer("Failed", 403, _TEXT),
            _answer("Failed", 403, _TEXT),
            Judgement.DIFFERS,
        ),
        (
            Better(deviation="D5", plain=True),
            _answer("Failed", 403, _HTML),
            _answer("Failed?", 403, _TEXT),
            Judgement.DIFFERS,
        ),
    ],
)
def test_a_deviation_is_all_that_may_be_different(
    better: Better, flower: Answer, ours: Answer, judgement: Judgement
) -> None:
    assert judge(_check(better=better), flower, ours).judgement is judgement


def test_a_header_that_must_not_be_there_is_looked_for() -> None:
    better = Better(deviation="D6", ours=Expect(200, headers={"access-control-allow-origin": ""}))
    open_to_all = {**_JSON, "access-control-allow-origin": "*"}

    verdict = judge(_check(better=better), _answer("{}"), _answer("{}", headers=open_to_all))

    assert verdict.judgement is Judgement.DIFFERS


def test_programs_may_tag_their_answers_in_their_own_way_but_both_do() -> None:
    check = _check(headers=("etag",))

    tagged = judge(check, _answer("{}", headers={"etag": '"a"'}), _answer("{}", headers={"etag": '"b"'}))
    untagged = judge(check, _answer("{}", headers={"etag": '"a"'}), _answer("{}", headers={}))

    assert (tagged.judgement, untagged.judgement) == (Judgement.SAME, Judgement.DIFFERS)


def test_a_program_that_did_not_start_differs() -> None:
    verdict = judge(_check(), _answer("{}"), Answer(0, {}, "did not start: no such option"))

    assert "no such option" in verdict.text
