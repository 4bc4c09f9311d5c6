"""Whether two answers are the same, ours better as a deviation says, or different. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from compat.check import Answer, Better, Check, Expect
from compat.views import without

_AROUND = 40
"""Characters that a difference shows before and after where it begins."""


class Judgement(Enum):
    """What a check found."""

    SAME = "same"
    BETTER = "better"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Verdict:
    """A judgement, with what is behind it."""

    judgement: Judgement
    text: str = ""
    """The deviation, or what differs."""


def judge(check: Check, flower: Answer, ours: Answer) -> Verdict:
    """The verdict on one check."""
    better = check.better
    if better is None:
        found = difference(check, flower, ours)
        return Verdict(Judgement.DIFFERS, found) if found else Verdict(Judgement.SAME)
    found = "; ".join(_broken(check, better, flower, ours))
    return Verdict(Judgement.DIFFERS, found) if found else Verdict(Judgement.BETTER, better.deviation)


def _broken(check: Check, better: Better, flower: Answer, ours: Answer) -> Iterator[str]:
    """What is not as the deviation says."""
    for who, expected, answer in (("Flower", better.flower, flower), ("ours", better.ours, ours)):
        if expected is not None:
            yield from (f"{who}: {text}" for text in unmet(check, expected, answer))
    if better.plain:
        yield from _not_plain(check, flower, ours)
    if better.longer:
        yield from _not_longer(check, flower, ours)
    if better.added:
        body, missing = without(_body(ours), better.added)
        yield from (f"ours: no {path}" for path in missing)
        yield from filter(None, [difference(check, flower, ours._replace(text=_text(body)))])


def unmet(check: Check, expected: Expect, answer: Answer) -> Iterator[str]:
    """What of an expected answer is not there."""
    text = _text(check.view(_body(answer)))
    if answer.status != expected.status:
        yield f"status {answer.status}, not {expected.status}: {_short(text)}"
    elif not re.search(expected.text, text, re.DOTALL):
        yield f"no {expected.text!r} in {_short(text)}"
    for name, pattern in expected.headers.items():
        if not re.fullmatch(pattern, answer.headers.get(name, "")):
            yield f"{name}: {answer.headers.get(name)!r}, not {pattern!r}"


def _not_plain(check: Check, flower: Answer, ours: Answer) -> Iterator[str]:
    told = [answer.headers.get("content-type", "").partition(";")[0] for answer in (flower, ours)]
    if flower.status and told != ["text/html", "text/plain"]:
        yield f"content-type: {told}, not text/html and text/plain"
    alike = {**ours.headers, "content-type": flower.headers.get("content-type", "")}
    yield from filter(None, [difference(check, flower, ours._replace(headers=alike))])


def _not_longer(check: Check, flower: Answer, ours: Answer) -> Iterator[str]:
    same = difference(check, flower, ours._replace(text=flower.text))
    if same:
        yield same
    elif not (ours.text.startswith(flower.text) and len(ours.text) > len(flower.text)):
        yield f"Flower {_short(flower.text)} does not begin ours {_short(ours.text)}"


def difference(check: Check, flower: Answer, ours: Answer) -> str:
    """The first thing in which two answers differ; empty when there is none."""
    if flower.status != ours.status:
        return f"status {flower.status} {_short(flower.text)} | {ours.status} {_short(ours.text)}"
    for name in check.headers:
        one, other = (_plain(answer.headers, name) for answer in (flower, ours))
        if one != other:
            return f"{name}: {one!r} | {other!r}"
    return _first(_text(check.view(_body(flower))), _text(check.view(_body(ours))))


def _plain(headers: Mapping[str, str], name: str) -> str:
    """A header's value; of an `Etag` only that it is there, since each program makes its own."""
    value = headers.get(name, "").replace(" ", "").lower()
    return value if name != "etag" else "there" if value else "none"


def _body(answer: Answer) -> Any:
    """JSON parsed, anything else as text."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.text
    try:
        return json.loads(answer.text)
    except ValueError:
        return answer.text


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _first(one: str, other: str) -> str:
    """Where two texts begin to differ, with what is around."""
    if one == other:
        return ""
    pairs = enumerate(zip(one, other, strict=False))
    at = next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(0, at - _AROUND)
    return f"…{_short(one[start : at + _AROUND])} | …{_short(other[start : at + _AROUND])}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 3 * _AROUND else flat[: 3 * _AROUND] + "…"
