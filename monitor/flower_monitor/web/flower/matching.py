"""Whether a task is what a search asks for, and what of it the store can sort out beforehand. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from flower_monitor import keywords
from flower_monitor.grammar import All, Any, Expression, Word

_SEARCHED = ("uuid", "name", "state", "worker", "args", "kwargs", "result")

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


class Searchable(Protocol):
    """What a search looks at: a task of the store, or a script's (library/search.py)."""

    @property
    def uuid(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...
    @property
    def worker(self) -> str | None: ...
    @property
    def args(self) -> str | None: ...
    @property
    def kwargs(self) -> str | None: ...
    @property
    def result(self) -> str | None: ...


Test = Callable[[Searchable], bool]


@dataclass(frozen=True)
class Narrowing:
    """What the store may leave out without asking the matcher: a superset of what matches."""

    state: str | None = None
    text: str | None = None
    """A text that is in uuid, name, args, kwargs, result or exception of every task that matches."""


def matcher(expression: Expression) -> Test:
    """The test that an expression means."""
    match expression:
        case Word():
            return _word(expression)
        case All(parts):
            tests = [matcher(part) for part in parts]
            return lambda task: all(test(task) for test in tests)
        case Any(parts):
            tests = [matcher(part) for part in parts]
            return lambda task: any(test(task) for test in tests)


def narrow(expression: Expression, elsewhere: Iterable[str]) -> Narrowing:
    """What every match has in common.

    Args:
        expression: What is searched for.
        elsewhere: All states and workers that tasks may have: the store's own search does not look there.
    """
    parts = expression.parts if isinstance(expression, All) else (expression,)
    words = [part for part in parts if isinstance(part, Word)]
    states = [word.text.upper() for word in words if word.field == "state"]
    hidden = [text.casefold() for text in elsewhere]
    texts = [text for word in words if (text := _stored_text(word, hidden))]
    return Narrowing(states[0] if states else None, max(texts, key=len, default=None))


def _stored_text(word: Word, hidden: Iterable[str]) -> str | None:
    """What the store finds in every task with this word: it compares ASCII letters in any case, others exactly."""
    if word.field == "kwargs" and "=" in word.text:
        return _written(word.text)
    if not word.text.isascii() or word.field in ("state", "worker"):
        return None
    if word.field is None and any(word.text.casefold() in text for text in hidden):
        return None
    return word.text


def _written(pair: str) -> str | None:
    """The part of `key=value` that stands as it is in the text of keyword arguments: `repr` may escape others."""
    key, _, value = pair.partition("=")
    return next((part for part in (value.strip(), key.strip()) if _PLAIN.fullmatch(part)), None)


def _word(word: Word) -> Test:
    text = word.text.casefold()
    if word.field == "state":
        return lambda task: _fold(task.state) == text
    if word.field == "kwargs" and "=" in text:
        key, _, value = text.partition("=")
        return lambda task: (key.strip(), value.strip()) in keywords.pairs(task.kwargs)
    fields = _SEARCHED if word.field is None else (word.field,)
    return lambda task: any(text in _fold(getattr(task, field)) for field in fields)


def _fold(value: str | None) -> str:
    return "" if value is None else value.casefold()
