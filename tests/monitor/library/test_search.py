"""The search language as a library. What is expected here is what Flower 2.2.0's own functions answered to the same
queries and tasks (20,587 queries were compared; only a query with a NUL character is answered differently)."""

from typing import Any

import hypothesis.strategies as st
import pytest
from celery.events.state import Task, Worker
from hypothesis import given

from flower_monitor import SearchError, parse_search_terms, satisfies_search_terms

TASKS: list[dict[str, Any]] = [
    {
        "uuid": "a1", "name": "shop.orders.Place", "state": "SUCCESS", "worker": "celery@web-1",
        "args": "('Blue Shoes', 42)", "kwargs": "{'size': 43, 'gift': True}", "result": "'order 7'",
    },
    {
        "uuid": "b2", "name": "straße.tasks", "state": "FAILURE", "worker": None,
        "args": "()", "kwargs": "{'n': None, 'b': b'xyz', 0: 'zero'}", "result": None,
    },
    {
        "uuid": "c3", "name": None, "state": "PROGRESS", "worker": "celery@web-2",
        "args": "a AND b", "kwargs": "{'d': {'k': [1, 2]}, 'e': 'x=y', ' s ': 'it\\'s'}", "result": "\\path",
    },
    {
        "uuid": "d4", "name": "x", "state": "RETRY", "worker": "w",
        "args": "(1,)", "kwargs": "{'size': 43, 'cut': 'aaa...", "result": "-abc",
    },
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "a1 b2 c3 d4"),
        ("ORDERS", "a1"),
        ("state:success", "a1"),
        ("STATE:Success", "a1"),
        ("state:succ", ""),
        ("state:retry OR state:failure", "b2 d4"),
        ("name:STRASSE", "b2"),
        ("web-1 OR web-2", "a1 c3"),
        ("web- AND state:progress", "c3"),
        ("web- state:progress OR shop", "a1 c3"),
        ("(shop OR tasks) AND (state:failure OR zzz)", "b2"),
        ("kwargs:size=43", "a1"),
        ('kwargs:" size = 43 "', "a1"),
        ("kwargs:gift=true", "a1"),
        ("kwargs:gift=1", ""),
        ("kwargs:n=", "b2"),
        ("kwargs:n=none", ""),
        ("kwargs:b=xyz", "b2"),
        ("kwargs:0=zero", "b2"),
        ("kwargs:d=\"{'k': [1, 2]}\"", "c3"),
        ("kwargs:e=x=y", "c3"),
        ("kwargs:s=it's", ""),
        ("kwargs:=x", ""),
        ("kwargs:cut", "d4"),
        ('"AND"', "c3"),
        ('"a AND b"', "c3"),
        ("and", "c3"),
        ('args:"blue shoes"', "a1"),
        ('bl"ue sh"oes', "a1"),
        ('"\\\\path"', "c3"),
        ("result:-abc", "d4"),
        ("worker:WEB", "a1 c3"),
        ("exception:zero", ""),
        ('state:" "', ""),
        ("uuid:a1", ""),
        ('"NOT"', ""),
    ],
)
def test_a_query_finds_what_flower_finds(query: str, found: str) -> None:
    terms = parse_search_terms(query)

    assert " ".join(task["uuid"] for task in TASKS if satisfies_search_terms(task, terms)) == found


@pytest.mark.parametrize(
    ("query", "message", "position"),
    [
        ("kwargs: size = 43", "Search qualifier requires a value", 0),
        ('"-abc"', "Negation with '-' is not supported", 0),
        ("foo:bar OR b2", "Substring search terms must contain at least 3 characters", 11),
        ('"   "', "Substring search terms must contain at least 3 characters", 0),
        ("xyz AND", "AND must be followed by a search term", 4),
        ("AND xyz", "Expected a search term", 0),
        ("xyz OR OR abc", "OR must be followed by a search term", 4),
        ("xyz AND OR abc", "AND must be followed by a search term", 4),
        ("xyz (", "Expected a search term", 5),
        ("xyz ()", "Empty group", 4),
        ("(xyz", "Missing closing parenthesis", 0),
        ("xyz)", "Unexpected ')'", 3),
        ("((((((xyz))))))", "Query nesting exceeds 5 levels", 5),
        ("NOT xyz", "NOT is not supported", 0),
        ('""', "Empty search term", 0),
        ('"unterminated', "Unterminated quoted phrase", 0),
        ("a" * 2049, "Query exceeds 2048 characters", None),
        ("abc " * 129, "Query exceeds 128 tokens", None),
    ],
)
def test_an_error_has_flowers_parts(query: str, message: str, position: int | None) -> None:
    with pytest.raises(SearchError) as caught:
        parse_search_terms(query)

    assert (caught.value.message, caught.value.position) == (message, position)


def test_an_error_is_a_value_error_as_flowers_is() -> None:
    assert issubclass(SearchError, ValueError)


def test_a_query_need_not_be_parsed_before() -> None:
    assert satisfies_search_terms(TASKS[0], "orders")
    assert satisfies_search_terms(TASKS[0], None)


def test_tasks_of_celerys_own_state_can_be_searched() -> None:
    task = Task(uuid="a1", name="shop", state="SUCCESS", worker=Worker(hostname="celery@web-1"), kwargs="{'size': 43}")

    assert satisfies_search_terms(task, "worker:web-1 kwargs:size=43 state:success")


def test_arguments_may_be_what_they_are_and_not_their_text() -> None:
    assert satisfies_search_terms({"args": ["blue", "shoes"], "kwargs": {"size": 43}}, "blue kwargs:size=43")


@pytest.mark.parametrize("kwargs", ["{[1]: 2}", "[" * 300, "{'a': " * 200, "\x00", "{'d': date(1, 1, 1)}"])
def test_arguments_that_are_no_dictionary_have_no_pairs(kwargs: str) -> None:
    assert not satisfies_search_terms({"kwargs": kwargs}, "kwargs:a=1")


@given(st.text(alphabet='abc"\\() :=-ORANDNT\u3000', max_size=40))
def test_a_query_is_understood_or_refused_and_nothing_else(query: str) -> None:
    try:
        terms = parse_search_terms(query)
    except SearchError:
        return
    twice = parse_search_terms(f"{query} OR {query}" if query.strip() else None)
    assert [satisfies_search_terms(task, terms) for task in TASKS] == [
        satisfies_search_terms(task, twice) for task in TASKS
    ]


@given(st.text(min_size=3).filter(lambda text: len(text.strip()) >= 3 and not text.startswith("-")))
def test_a_quoted_text_finds_the_task_that_has_it(text: str) -> None:
    quoted = 'result:"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))

    assert satisfies_search_terms({"result": f"<{text}>"}, quoted)
