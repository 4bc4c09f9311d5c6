"""Flower's way of reading parameters, with its error texts. Pure.

Texts are taken as they are: Flower escapes them for HTML on their way in, so that a queue `a&b` becomes `a&amp;b`
(deviation D4).
"""

import math
from datetime import UTC, datetime

from flower_monitor.web.problems import Problem, bad_parameter

_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


def boolean(field: str, text: str | None) -> bool:
    """A switch; off when it is not given."""
    if text is None:
        return False
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _invalid(field, text, "bool", "true or false")


def integer(field: str, text: str | None) -> int | None:
    """A whole number; None when it is not given."""
    if text is None:
        return None
    try:
        return int(text.strip())
    except ValueError:
        raise _invalid(field, text, "int", "a whole number") from None


def whole(field: str, text: str | None, low: int, high: int) -> int | None:
    """A whole number from one to another; None when it is not given."""
    value = integer(field, text)
    if value is not None and not low <= value <= high:
        raise _invalid(field, str(text), "int", f"a whole number from {low} to {high}")
    return value


def seconds(field: str, text: str | None) -> float | None:
    """A length of time; None when it is not given."""
    if text is None:
        return None
    try:
        value = float(text.strip())
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise _invalid(field, text, "float", "seconds, 0 or more")
    return value


def required(field: str, text: str | None) -> str:
    """A text that has to be given."""
    stripped = (text or "").strip()
    if not stripped:
        raise bad_parameter(field, f"Missing argument {field}")
    return stripped


def choice(text: str | None) -> str | None:
    """A filter; None for none, which is written `All` or left empty."""
    stripped = (text or "").strip()
    return None if stripped in ("", "All") else stripped


def moment(field: str, text: str | None) -> float | None:
    """A time as epoch seconds; None when it is not given.

    Flower takes its own format only and reads it in the time zone of the server. Here it is UTC, wherever
    the server runs (deviation D14), and ISO 8601 is taken too, with an offset where it has one.
    """
    stripped = (text or "").strip()
    if not stripped:
        return None
    try:
        parsed = datetime.fromisoformat(stripped)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        detail = f"Invalid {field} '{text}', expected format 'YYYY-MM-DD HH:MM' (UTC) or ISO 8601"
        raise bad_parameter(field, detail) from None


def _invalid(field: str, text: str, kind: str, wanted: str) -> Problem:
    return bad_parameter(field, f"Invalid argument '{text}' of type '{kind}': {field} takes {wanted}")
