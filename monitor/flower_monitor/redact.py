"""Redaction rules: what of a task's texts is never written. Pure.

A rule names a task, an argument or a pattern, or a task with one of the others. What can't be decided is hidden: a
value without an end up to the end of the text, and of a task whose name is not known all that a rule for some name
would hide.
"""

import re
from collections.abc import Callable, Sequence
from fnmatch import translate
from functools import partial

import msgspec

#: What stands where something was hidden.
HIDDEN = "[redacted]"

#: Takes a text, and gives it without what is hidden.
Hide = Callable[[str], str]

_OPENERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_CLOSERS = frozenset(_OPENERS.values())
_QUOTE = re.compile(r"(\\*)(['\"])")

#: The end of bytes, in which Celery escapes nothing (`celery.utils.saferepr`): a quote with what may follow a value.
_BYTES_END = re.compile(r"(?<!\\)'(?=\s*(?:[,:;)\]}>]|$))")

#: A value that needs no closer look: quoted without a backslash in it, or a number or word, and then its end.
_SIMPLE = re.compile(r"""(?:'[^'\\]*'|"[^"\\]*"|[\w.+-]*)(?=[,\n)\]}>])""")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One rule. With a task alone all texts of it are hidden."""

    task: str | None = None
    """Task names it is for, with `*` and `?`; None: all."""

    argument: str | None = None
    """Name of an argument, with `*` and `?`, any case. Its value is hidden wherever a text says the name before it."""

    pattern: str | None = None
    """A regular expression: what it matches is hidden."""


class RuleError(ValueError):
    """A rule that can't be followed; the message names it."""


class Redaction:
    """The rules, made ready."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [_Ready(place, rule) for place, rule in enumerate(rules, 1)]
        self._by_task: dict[str | None, Sequence[Hide]] = {None: [rule.hide for rule in self._rules]}

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def text(self, task: str | None, text: str) -> str:
        """A text of a task (None: its name is not known) without what is hidden of it."""
        for hide in self.of(task):
            text = hide(text)
        return text

    def of(self, task: str | None) -> Sequence[Hide]:
        """What is done to each text of a task, one after the other."""
        found = self._by_task.get(task)
        if found is None:
            rules = (rule for rule in self._rules if rule.task is None or (task and rule.task.match(task)))
            found = [rule.hide for rule in rules]
            if len(self._by_task) < 10_000:  # names have no end
                self._by_task[task] = found
        return found


class _Ready:
    """A rule with its expressions compiled."""

    def __init__(self, place: int, rule: Rule) -> None:
        if rule == Rule():
            raise RuleError(f"rule {place} is empty: give task, argument or pattern")
        if "" in (rule.task, rule.argument, rule.pattern):
            raise RuleError(f"rule {place} has an empty text: leave it out, or say what it is")
        if rule.argument is not None and rule.pattern is not None:
            raise RuleError(f"rule {place} has both argument and pattern: make two rules of it")
        self.task = re.compile(translate(rule.task)) if rule.task is not None else None
        self.hide = _hide(place, rule)
        """A text without what this rule hides."""


def _hide(place: int, rule: Rule) -> Hide:
    """What a rule does to a text."""
    if rule.pattern is not None:
        return partial(_compiled(place, rule.pattern).sub, HIDDEN)
    if rule.argument is not None:
        return _Argument(rule.argument).hide
    return lambda text: HIDDEN if text else text


def _compiled(place: int, pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise RuleError(f"rule {place}: {pattern!r} is no regular expression: {error}") from error
    if compiled.match("") and compiled.sub("", "ab") == "ab":
        raise RuleError(f"rule {place}: {pattern!r} matches nothing but the empty text; say what is to be hidden")
    return compiled


#: What follows a name: the end of its quotes, and the mark that its value comes after.
_MARK = r"(?![\w])(?:\\*['\"])?\s*(?P<mark>[:=])\s*"


def _named(glob: str) -> str:
    """The expression of a name with `*` and `?`."""
    return "".join({"*": r"[\w.-]*", "?": r"[\w.-]"}.get(c) or re.escape(c) for c in glob)


class _Argument:
    """A name, quoted or not, with the `:` or `=` after it, as Python, JSON and log lines have them; in any case."""

    def __init__(self, glob: str) -> None:
        any_case, lower = _named(glob), _named(glob.lower())
        self._any_case = re.compile(rf"(?<![\w])(?:{any_case}){_MARK}", re.IGNORECASE)
        # Nearly every text is ASCII: made lower-case it keeps its places. `re` looks for the literal that a pattern
        # begins with as fast as memory is read, and for a name in any case ten times slower.
        first = rf"(?<![\w])(?:{lower})" if {"*", "?"} & set(glob) else rf"{lower}(?<![\w]{lower})"
        self._lower = re.compile(first + _MARK) if glob.isascii() else None
        self._part = max(re.split("[*?]", glob.lower()), key=len)

    def hide(self, text: str) -> str:
        """A text in which what follows the name is hidden."""
        if self._lower is None or not text.isascii():
            return _without_values(text, self._any_case, text)
        lower = text.lower()
        return _without_values(text, self._lower, lower) if self._part in lower else text


def _without_values(text: str, name: re.Pattern[str], where: str) -> str:
    """A text in which what follows a name is hidden. `where`: what the name is looked for in, as long as the text."""
    parts = []
    done = 0
    while found := name.search(where, done):
        parts += [text[done : found.end()], HIDDEN]
        done = _value_end(text, found.end(), bare=found["mark"] == "=")
    return "".join(parts) + text[done:] if parts else text


def _value_end(text: str, start: int, bare: bool) -> int:
    """Where a value ends: before the `,` or bracket that belongs to what it is in; at the end when there is none.

    Args:
        text: The text.
        start: Where the value begins.
        bare: It stands after `=`: a blank, `;` or `&` ends it too.
    """
    if simple := _SIMPLE.match(text, start):
        return simple.end()
    place, awaited = start, []
    while place < len(text):
        quote = _QUOTE.match(text, place)
        if quote is not None:
            place = _bytes_end(text, quote.end()) if _is_of_bytes(text, quote) else _quoted_end(text, quote)
            continue
        c = text[place]
        if c in _OPENERS:
            awaited.append(_OPENERS[c])
        elif awaited and c == awaited[-1]:
            awaited.pop()
        elif not awaited and (c in ",\n" or c in _CLOSERS or (bare and place > start and c in " \t;&")):
            return place
        place += 1
    return place


def _is_of_bytes(text: str, quote: re.Match[str]) -> bool:
    return quote[0] == "'" and text[max(quote.start() - 1, 0) : quote.start()] == "b"


def _bytes_end(text: str, start: int) -> int:
    found = _BYTES_END.search(text, start)
    return found.end() if found else len(text)


def _quoted_end(text: str, quote: re.Match[str]) -> int:
    """Past the quote that ends what one begins; the end of the text when there is none.

    Before it stand as many backslashes as before the first, and those of what is quoted. These come in fours at least
    when the text is itself in a quoted one; two may be one that is no end. So a value that ends with a backslash
    hides more than itself, and none shows a part.
    """
    before = len(quote[1])
    for found in _QUOTE.finditer(text, quote.end()):
        if found[2] == quote[2] and (len(found[1]) - before) % (4 * (before + 1)) == 0:
            return found.end()
    return len(text)
