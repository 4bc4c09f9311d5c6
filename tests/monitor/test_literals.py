"""Arguments as Celery writes them, read back: what the task got, or nothing."""

import json
from typing import Any

import pytest

from flower_monitor.keywords import has_pair
from flower_monitor.literals import value
from flower_monitor.recall import as_json


def written(arguments: Any) -> str:
    """What Celery's events say of arguments."""
    from celery.utils.saferepr import saferepr

    text: str = saferepr(arguments)
    return text


@pytest.mark.parametrize(
    "text",
    [
        r"C:\new\table",
        r"\\server\share",
        r"\x41\u0041",
        r"^\d+\.txt$",
        "two\nlines\r\nand a tab\t",
        "it's",
        r"it\'s",
        '"it\'s"',
        "a\0b",
        "ä ✓ 日本",
        "ends with \\",
    ],
)
def test_a_text_is_what_the_task_got(text: str) -> None:
    read = as_json(written((text, 1)), tuple)

    assert read is not None
    assert json.loads(read) == [text, 1]


@pytest.mark.parametrize(
    "texts", [("a\\", "b"), ("a\\", ", ", "b\\"), ("a\\", ", 1, ", ", "), ("\\", "\\"), ("\\", ",", "\\", ",")]
)
def test_what_can_be_taken_in_two_ways_is_not_read(texts: tuple[str, ...]) -> None:
    assert as_json(written(texts), tuple) is None


def test_escapes_of_other_clients_are_read() -> None:
    assert value(r'["C:\\new", "two\nlines", "it\u0027s"]') == ["C:\\new", "two\nlines", "it's"]


def test_a_keyword_argument_with_a_backslash_is_found() -> None:
    assert has_pair(written({"path": r"C:\new", "text": "two\nlines"}), "path", r"c:\new")
