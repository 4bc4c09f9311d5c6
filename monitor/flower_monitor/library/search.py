"""Flower's search language on tasks from anywhere: a store, `/api/tasks`, or Celery's own `State`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flower_monitor.grammar import Expression, SearchError, parse
from flower_monitor.web.flower.matching import matcher

__all__ = ["Expression", "SearchError", "parse_search_terms", "satisfies_search_terms"]


class Searched(NamedTuple):
    """What a search looks at."""

    uuid: str | None
    name: str | None
    state: str | None
    worker: str | None
    args: str | None
    kwargs: str | None
    result: str | None


def parse_search_terms(text: str | None) -> Expression:
    """What a query means, in the language of Flower 2.1 and later (`flower.utils.search.parse_query`).

    Args:
        text: The query; empty or None finds everything.

    Raises:
        SearchError: A ValueError with Flower's text; `message` and `position` are its parts.
    """
    return parse(text)


def satisfies_search_terms(task: object, terms: Expression | str | None) -> bool:
    """Whether a task is what a search asks for.

    Args:
        task: An object, or a mapping, with some of `uuid`, `name`, `state`, `worker`, `args`, `kwargs`, `result`.
            A worker may be Celery's, with a `hostname`. What it lacks is empty.
        terms: The query, or what `parse_search_terms` made of it, which is quicker for many tasks.

    Raises:
        SearchError: The query can't be understood.
    """
    expression = parse(terms) if terms is None or isinstance(terms, str) else terms
    return matcher(expression)(searched(task))


def searched(task: object) -> Searched:
    """The texts of a task. Pure."""
    values = {field: _value(task, field) for field in Searched._fields}
    values["worker"] = getattr(values["worker"], "hostname", values["worker"])
    return Searched(**{field: _text(value) for field, value in values.items()})


def _value(task: object, field: str) -> Any:
    return task.get(field) if isinstance(task, Mapping) else getattr(task, field, None)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)
