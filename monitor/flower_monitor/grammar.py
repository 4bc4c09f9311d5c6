"""Flower's search language (2.1 and later): its grammar, its error texts, its meaning. Pure.

    query  := any ("OR" any)*          any  := term (["AND"] term)*
    term   := "(" query ")" | word     word := [field ":"] text, quoted where it has blanks

A word is a substring in any case, of one field or of all; `state:` is exact; `kwargs:key=value` is a pair.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

FIELDS = frozenset({"name", "state", "worker", "args", "kwargs", "result"})
MIN_SUBSTRING = 3
MAX_LENGTH = 2048
MAX_TOKENS = 128
MAX_DEPTH = 5


@dataclass(frozen=True)
class Word:
    """A text to find; in one field, or in all."""

    field: str | None
    text: str


@dataclass(frozen=True)
class All:
    """Every one of these; with none of them, everything."""

    parts: tuple["Expression", ...] = ()


@dataclass(frozen=True)
class Any:
    """At least one of these."""

    parts: tuple["Expression", ...]


Expression = Word | All | Any

EVERYTHING = All()
"""What an empty query means."""


class SearchError(ValueError):
    """A query that can't be understood.

    Args:
        message: What is wrong.
        position: Where in the query, from 0; None where it is the query as a whole.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        where = "" if position is None else f" at position {position}"
        super().__init__(f"{message}{where}.")
        self.message = message
        self.position = position


@dataclass(frozen=True)
class Token:
    """A piece of a query: `(`, `)`, `AND`, `OR`, `word` or `end`."""

    kind: str
    text: str
    position: int


def parse(query: str | None) -> Expression:
    """The meaning of a query.

    Raises:
        SearchError: With Flower's text.
    """
    text = (query or "").strip()
    if len(text) > MAX_LENGTH:
        raise SearchError(f"Query exceeds {MAX_LENGTH} characters")
    tokens = []
    for token in _tokens(text):
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise SearchError(f"Query exceeds {MAX_TOKENS} tokens")
    return _Parser([*tokens, Token("end", "", len(text))]).parse()


def _tokens(text: str) -> Iterator[Token]:
    index = 0
    while index < len(text):
        if text[index].isspace():
            index += 1
        elif text[index] in "()":
            yield Token(text[index], text[index], index)
            index += 1
        else:
            token, index = _word(text, index)
            yield token


def _word(text: str, start: int) -> tuple[Token, int]:
    """The word that starts here, without its quotes, and where it ends."""
    found: list[str] = []
    index, quoted, inside = start, False, False
    while index < len(text):
        char = text[index]
        if char == "\\" and text[index + 1 : index + 2] in ('"', "\\") and index + 1 < len(text):
            found.append(text[index + 1])
            index += 1
        elif char == '"':
            quoted, inside = True, not inside
        elif not inside and (char.isspace() or char in "()"):
            break
        else:
            found.append(char)
        index += 1
    if inside:
        raise SearchError("Unterminated quoted phrase", start)
    return _token("".join(found), quoted, start), index


def _token(word: str, quoted: bool, position: int) -> Token:
    if not word:
        raise SearchError("Empty search term", position)
    if not quoted and word == "NOT":
        raise SearchError("NOT is not supported", position)
    return Token(word if word in ("AND", "OR") and not quoted else "word", word, position)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0

    def parse(self) -> Expression:
        if self._current.kind == "end":
            return EVERYTHING
        expression = self._any(0)
        if self._current.kind != "end":
            self._unexpected()
        return expression

    @property
    def _current(self) -> Token:
        return self._tokens[self._index]

    def _advance(self) -> Token:
        token = self._current
        self._index += 1
        return token

    def _unexpected(self) -> NoReturn:
        raise SearchError(f"Unexpected {self._current.text!r}", self._current.position)

    def _operator(self) -> None:
        """Step over AND or OR, which something has to follow."""
        operator = self._advance()
        if self._current.kind in ("end", ")", "AND", "OR"):
            raise SearchError(f"{operator.kind} must be followed by a search term", operator.position)

    def _any(self, depth: int) -> Expression:
        parts = [self._all(depth)]
        while self._current.kind == "OR":
            self._operator()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self, depth: int) -> Expression:
        parts = [self._term(depth)]
        while self._current.kind not in ("end", ")", "OR"):
            if self._current.kind == "AND":
                self._operator()
            parts.append(self._term(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _term(self, depth: int) -> Expression:
        token = self._current
        if token.kind == "(":
            return self._group(depth)
        if token.kind != "word":
            raise SearchError("Expected a search term", token.position)
        return _meaning(self._advance())

    def _group(self, depth: int) -> Expression:
        opening = self._advance()
        if depth >= MAX_DEPTH:
            raise SearchError(f"Query nesting exceeds {MAX_DEPTH} levels", opening.position)
        if self._current.kind == ")":
            raise SearchError("Empty group", opening.position)
        expression = self._any(depth + 1)
        if self._current.kind != ")":
            raise SearchError("Missing closing parenthesis", opening.position)
        self._advance()
        return expression


def _meaning(token: Token) -> Word:
    prefix, colon, rest = token.text.partition(":")
    field = prefix.casefold() if colon and prefix.casefold() in FIELDS else None
    text = token.text if field is None else rest
    if field is None and text.startswith("-"):
        raise SearchError("Negation with '-' is not supported", token.position)
    if not text:
        raise SearchError("Search qualifier requires a value", token.position)
    exact = field == "state" or (field == "kwargs" and "=" in text)
    if not exact and len(text.strip()) < MIN_SUBSTRING:
        raise SearchError(f"Substring search terms must contain at least {MIN_SUBSTRING} characters", token.position)
    return Word(field, text)
