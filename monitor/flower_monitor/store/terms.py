"""Flower's search language as a condition on tasks, so that a search walks with a cursor like any list.

What each word means is Flower's (`grammar`); a word without a field is looked for in exceptions too, where people look
first. ASCII letters match in any case by SQLite itself; others by Python, which is slower and asked last.
"""

from collections.abc import Callable, Sequence

import apsw

from flower_monitor.constants import CUSTOM, State
from flower_monitor.grammar import All, Any, Expression, Word
from flower_monitor.keywords import has_pair
from flower_monitor.store import search
from flower_monitor.store.listing import Filter
from flower_monitor.store.names import Names

_NOTHING = Filter("false")


def prepare(connection: apsw.Connection) -> None:
    """Give a connection the functions that `condition` uses."""
    connection.create_scalar_function("has_pair", _has_pair, 3, deterministic=True)
    connection.create_scalar_function("folded", _folded, 1, deterministic=True)


def condition(connection: apsw.Connection, names: Names, expression: Expression) -> Filter:
    """The condition that an expression is."""
    match expression:
        case Word(field, text):
            return _word(connection, names, field, text)
        case All(parts):
            return _joined(" and ", [condition(connection, names, part) for part in parts]) or Filter("true")
        case Any(parts):
            return _joined(" or ", [condition(connection, names, part) for part in parts]) or _NOTHING


def _word(connection: apsw.Connection, names: Names, field: str | None, text: str) -> Filter:
    if field == "state":
        return _states(connection, names, lambda state: state == text.casefold())
    if field == "kwargs" and "=" in text:
        return _pair(text)
    if field in ("args", "kwargs", "result"):
        return _contains(field, text)
    ids = _ids(connection, text)
    if field in ("name", "worker"):
        return _among(field, ids)
    anywhere = [_contains(column, text) for column in search.TEXTS]
    state = _states(connection, names, lambda state: text.casefold() in state)
    found = [*anywhere, _among("name", ids), _among("worker", ids), state, *search.uuids(text)]
    return _joined(" or ", found) or _NOTHING


def _pair(text: str) -> Filter:
    """`key=value` among keyword arguments; the cheap test, that the key is there at all, comes first."""
    key, _, value = (part.strip() for part in text.partition("="))
    exact = Filter("has_pair(kwargs, ?, ?)", (key, value))
    plain = key.isascii() and key.isidentifier()
    return _joined(" and ", [search.like("kwargs", key), exact] if plain else [exact]) or exact


def _contains(column: str, text: str) -> Filter:
    if text.isascii():
        return search.like(column, text)
    return Filter(f"instr(folded({column}), ?)", (text.casefold(),))


def _ids(connection: apsw.Connection, text: str) -> list[int]:
    """Ids of names, of tasks and workers alike, that contain a text."""
    wanted = _contains("text", text)
    sql = f"select id from name where {wanted.sql} limit ?"  # noqa: S608 - constants
    return [key for (key,) in connection.execute(sql, (*wanted.values, search.NAMES))]


def _among(column: str, ids: Sequence[int]) -> Filter:
    return Filter(f"{column} in ({', '.join(map(str, ids))})") if ids else _NOTHING


def _states(connection: apsw.Connection, names: Names, fits: Callable[[str], bool]) -> Filter:
    """Any of the states whose name, in lower case, fits."""
    custom = connection.execute("select state from tally where n > 0 and state >= ?", (CUSTOM,))
    codes = [*(state.value for state in State), *(code for (code,) in custom)]
    return _among("state", [code for code in codes if fits(names.state(code).casefold())])


def _joined(operator: str, filters: Sequence[Filter]) -> Filter | None:
    """Conditions as one; None for none."""
    if not filters:
        return None
    sql = operator.join(one.sql for one in filters)
    return Filter(f"({sql})", tuple(value for one in filters for value in one.values))


def _has_pair(*values: "apsw.SQLiteValue") -> bool:
    kwargs, key, value = values
    return isinstance(kwargs, str) and has_pair(kwargs, str(key), str(value))


def _folded(*values: "apsw.SQLiteValue") -> str | None:
    (text,) = values
    return text.casefold() if isinstance(text, str) else None
