"""What is done to the fields of a custom event before anything sees them: redaction, then the caps. Pure.

A rule is about texts, so a field is held against it as JSON, with its name before it: `"card": "4111…"`. Where that
hides something the value is what is left of the text.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from flower_monitor.protect import CUT
from flower_monitor.redact import HIDDEN, Hide

#: Fields of an event that are kept, the first; and under which name it stands how many were left out.
MOST_FIELDS = 20
LEFT_OUT = "…"

#: Characters of a field's name, and of its value as JSON.
LONGEST_NAME = 64
LONGEST_VALUE = 512

#: Values within values; what is deeper is left out.
_DEEPEST = 8

#: Whole numbers that JavaScript and SQLite hold, as all that read them.
_LARGEST = 2**53


def protected(fields: Mapping[str, Any], hides: Sequence[Hide]) -> dict[str, Any]:
    """The fields as they are stored.

    Args:
        fields: As they came.
        hides: What is done to each text of the task, one after the other.
    """
    names = list(fields)
    found = dict(_field(name, fields[name], hides) for name in names[:MOST_FIELDS])
    if len(names) > MOST_FIELDS:
        found[LEFT_OUT] = f"{len(names) - MOST_FIELDS} fields left out"
    return found


def _field(name: str, value: Any, hides: Sequence[Hide]) -> tuple[str, Any]:
    """A field's name and value."""
    name, plain = _text(name), _plain(value)
    if hides:
        name, plain = _redacted(name, plain, hides)
    return name[:LONGEST_NAME], _capped(plain)


def _redacted(name: str, value: Any, hides: Sequence[Hide]) -> tuple[str, Any]:
    """Without what is hidden of it; a name that is itself hidden takes its value with it."""
    if isinstance(value, str):  # as it is, without the backslashes that JSON puts in
        value = _without(value, hides)
    before = f"{_json(name)}: "
    whole = before + _json(value)
    shown = _without(whole, hides)
    if shown == whole:
        return name, value
    if not shown.startswith(before):
        return HIDDEN, HIDDEN
    return name, _read(shown.removeprefix(before))


def _without(text: str, hides: Sequence[Hide]) -> str:
    for hide in hides:
        text = hide(text)
    return text


def _read(text: str) -> Any:
    """The value of a text of JSON in which something was hidden; the text when it is none any more."""
    try:
        return _plain(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _capped(value: Any) -> Any:
    """A value that is not too long; else the beginning of its text."""
    text = value if isinstance(value, str) else _json(value)
    if len(text) <= LONGEST_VALUE:
        return value
    return text[:LONGEST_VALUE] + CUT.format(len(text) - LONGEST_VALUE)


def _plain(value: Any, depth: int = 0) -> Any:
    """A value that JSON has and everybody reads: no endless number, no half of a character, none without a bottom."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST else _text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _text(value)
    if not isinstance(value, dict | list):
        return _text(value)
    if depth >= _DEEPEST:
        return LEFT_OUT
    if isinstance(value, dict):
        return {_text(key): _plain(item, depth + 1) for key, item in value.items()}
    return [_plain(item, depth + 1) for item in value]


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
