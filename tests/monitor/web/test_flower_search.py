"""Flower's search language: every error text of Flower, and what each query finds."""

import msgspec
import pytest

from flower_monitor.grammar import SearchError, parse
from flower_monitor.redact import Redaction, Rule
from flower_monitor.store.records import TaskRow
from flower_monitor.web.flower.matching import Narrowing, matcher, narrow

FIELDS: dict[str, object] = dict.fromkeys(TaskRow.__struct_fields__)


def row(**fields: object) -> TaskRow:
    return TaskRow(**(FIELDS | {"uuid": "u-1", "state": "SUCCESS", "timestamp": 0.0, "clock": 0} | fields))  # type: ignore[arg-type]


TASK = row(
    name="shop.orders.Place",
    worker="celery@web-1",
    args="('Blue Shoes', 42)",
    kwargs="{'size': 43, 'gift': True}",
    result="'order 7'",
    exception="KeyError('lost')",
)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "ORDERS",
        "u-1",
        "success",
        "web-1",
        "state:success",
        "STATE:Success",
        "name:orders",
        "worker:celery@",
        "args:shoes",
        "kwargs:gift",
        "kwargs:size=43",
        "kwargs:gift=true",
        "result:order",
        '"blue shoes"',
        'args:"blue shoes"',
        "orders AND shoes",
        "orders shoes",
        "nothing OR shoes",
        "(nothing OR orders) state:SUCCESS",
        "nothing OR orders shoes",
        "((((( shoes )))))",
        "and:these OR shoes",
        '"AND" OR shoes',
    ],
)
def test_a_query_that_finds_the_task(query: str) -> None:
    assert matcher(parse(query))(TASK)


@pytest.mark.parametrize(
    "query",
    [
        "nothing",
        "lost",
        "state:succ",
        "name:shoes",
        "kwargs:size=4",
        "kwargs:size=44",
        "orders nothing",
        "orders AND nothing",
        "(nothing OR shoes) nothing",
        '"shoes blue"',
        '"AND"',
    ],
)
def test_a_query_that_does_not(query: str) -> None:
    assert not matcher(parse(query))(TASK)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ab", "Substring search terms must contain at least 3 characters at position 0."),
        ("orders ab", "Substring search terms must contain at least 3 characters at position 7."),
        ("name:ab", "Substring search terms must contain at least 3 characters at position 0."),
        ("NOT orders", "NOT is not supported at position 0."),
        ("orders -shoes", "Negation with '-' is not supported at position 7."),
        ("name:", "Search qualifier requires a value at position 0."),
        ('"open', "Unterminated quoted phrase at position 0."),
        ('orders ""', "Empty search term at position 7."),
        ("()", "Empty group at position 0."),
        ("(orders", "Missing closing parenthesis at position 0."),
        ("AND orders", "Expected a search term at position 0."),
        (")", "Expected a search term at position 0."),
        ("orders)", "Unexpected ')' at position 6."),
        ("orders OR", "OR must be followed by a search term at position 7."),
        ("orders AND", "AND must be followed by a search term at position 7."),
        ("orders AND OR shoes", "AND must be followed by a search term at position 7."),
        ("x" * 2049, "Query exceeds 2048 characters."),
        ("abc " * 129, "Query exceeds 128 tokens."),
        ("((((((orders))))))", "Query nesting exceeds 5 levels at position 5."),
    ],
)
def test_a_query_that_is_wrong_is_told_so_in_flowers_words(query: str, text: str) -> None:
    with pytest.raises(SearchError) as caught:
        parse(query)

    assert str(caught.value) == text


@pytest.mark.parametrize("kwargs", ["{'size': 43, ...", "{'a': <object>}", "[43]", "", None, "(" * 5000])
def test_keyword_arguments_that_are_no_dictionary_have_no_pairs(kwargs: str | None) -> None:
    assert not matcher(parse("kwargs:size=43"))(msgspec.structs.replace(TASK, kwargs=kwargs))


@pytest.mark.parametrize("rule", [Rule(argument="mail"), Rule(pattern=r"\w+@\w+")])
def test_beside_one_that_is_redacted_keyword_arguments_are_found(rule: Rule) -> None:
    kwargs = Redaction([rule]).text(None, "{'mail': 'bo@shop', 'size': 43}")

    assert matcher(parse("kwargs:size=43"))(msgspec.structs.replace(TASK, kwargs=kwargs))


@pytest.mark.parametrize(
    ("query", "narrowing"),
    [
        ("", Narrowing()),
        ("shoes", Narrowing(text="shoes")),
        ("shoes orders", Narrowing(text="orders")),
        ("state:failure shoes", Narrowing(state="FAILURE", text="shoes")),
        ("shoes OR orders", Narrowing()),
        ("(shoes OR orders) name:place", Narrowing(text="place")),
        ("web", Narrowing()),
        ("success", Narrowing()),
        ("worker:celery", Narrowing()),
        ("grüße", Narrowing()),
        ("kwargs:size=43", Narrowing(text="43")),
        ("kwargs:size='it''s'", Narrowing(text="size")),
        ("kwargs:größe=groß", Narrowing()),
        ("kwargs:size", Narrowing(text="size")),
    ],
)
def test_what_the_store_may_leave_out(query: str, narrowing: Narrowing) -> None:
    """Never a task that matches: words that may be in a state or a worker's name are not for the store to find."""
    assert narrow(parse(query), ["SUCCESS", "celery@web-1"]) == narrowing
