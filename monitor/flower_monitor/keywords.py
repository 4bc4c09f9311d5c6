"""Keyword arguments as events tell of them: the text of a Python dictionary. Pure."""

import re
from typing import Any

from flower_monitor import literals
from flower_monitor.redact import HIDDEN

#: A value that redaction hid whole, which no literal looks like.
_HIDDEN_VALUE = re.compile(r":\s*" + re.escape(HIDDEN))


def pairs(kwargs: str | None) -> set[tuple[str, str]]:
    """Keys and values, as one would search for them; none where the text was cut or is no dictionary of literals."""
    try:
        parsed: Any = literals.value(_HIDDEN_VALUE.sub(": None", kwargs or ""))
    except ValueError:
        return set()
    if not isinstance(parsed, dict):
        return set()
    return {(_said(key), _said(value)) for key, value in parsed.items()}


def has_pair(kwargs: str | None, key: str, value: str) -> bool:
    """Whether a key has a value, in any case."""
    return (key.casefold(), value.casefold()) in pairs(kwargs)


def _said(value: Any) -> str:
    """A key or value as one would search for it: None is nothing, bytes are their text."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return "" if text is None else str(text).casefold()
