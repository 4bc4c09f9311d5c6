"""Tasks as lines of a file. Pure."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from flower_monitor.store.records import TaskRow

FIELDS: tuple[str, ...] = TaskRow.__struct_fields__
"""What of a task can be written, in the order of the API."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula: a task's arguments may come from anybody."""


class Format(NamedTuple):
    """How tasks are written."""

    media_type: str
    head: Callable[[Sequence[str]], bytes]
    lines: Callable[[Iterable[TaskRow], Sequence[str]], bytes]


def csv_head(columns: Sequence[str]) -> bytes:
    """The line with the names of the columns."""
    return _csv([columns])


def csv_lines(tasks: Iterable[TaskRow], columns: Sequence[str]) -> bytes:
    """A line for each task. What is not known is empty; a text that a spreadsheet would run has a `'` before it."""
    return _csv([[_cell(getattr(task, column)) for column in columns] for task in tasks])


def json_lines(tasks: Iterable[TaskRow], columns: Sequence[str]) -> bytes:
    """A JSON object for each task, on a line of its own."""
    return b"".join(msgspec.json.encode({name: getattr(task, name) for name in columns}) + b"\n" for task in tasks)


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value if value is None or isinstance(value, int | float) else msgspec.json.encode(value).decode()


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", csv_head, csv_lines),
    "jsonl": Format("application/jsonl; charset=utf-8", lambda _: b"", json_lines),
}
