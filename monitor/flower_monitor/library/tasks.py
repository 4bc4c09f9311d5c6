"""Tasks of a store, as Flower's `flower.utils.tasks` has those in its memory.

A store is read while its monitor writes it: neither waits for the other. Nothing here can write.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from flower_monitor.exceptions import QueryError
from flower_monitor.fold.events import Event
from flower_monitor.grammar import parse
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskDetail
from flower_monitor.web.flower import parameters
from flower_monitor.web.flower.selection import NEWEST_FIRST, SORT_KEYS, Selection, chunks
from flower_monitor.web.flower.task_object import flower_task
from flower_monitor.web.problems import Problem

__all__ = ["Reader", "as_dict", "get_task_by_id", "iter_tasks", "sort_tasks"]

Answer = TypeVar("Answer")
Piece = TypeVar("Piece")
Task = TypeVar("Task")

Store = str | os.PathLike[str] | Reader
"""The SQLite file of a monitor (`--store`), opened for one call; or a Reader, kept open for many, in one thread."""

Moment = float | str | datetime | None
"""Epoch seconds; `2026-11-21 08:51` or other ISO 8601; a datetime. Without an offset it is UTC (deviation D14)."""


def iter_tasks(
    store: Store,
    limit: int | None = None,
    offset: int = 0,
    type: str | None = None,  # noqa: A002 - Flower's name of it
    worker: str | None = None,
    state: str | None = None,
    sort_by: str | None = None,
    received_start: Moment = None,
    received_end: Moment = None,
    search: str | None = None,
) -> Iterator[tuple[str, TaskDetail]]:
    """Ids and tasks that fit all filters. They are read 1,000 at a time; a list takes 8 bytes a task.

    Args:
        store: Where they are.
        limit: How many at most; None: all; 0 and less: none.
        offset: How many to skip; less than 0 is 0.
        type: Name of the task, in any case; None: any.
        worker: Host name of the worker, in any case; None: any.
        state: State, in any case; None: any.
        sort_by: One of `SORT_KEYS`, `-` before it for descending; None: the newest event first.
        received_start: Received then or later. Tasks that were never received are left out (deviation D16).
        received_end: Received then or before.
        search: A query in Flower's search language.

    Raises:
        QueryError: A filter makes no sense: `field` says which.
        SearchError: The query can't be understood.
        StoreUnavailable: There is no store, or one of another version.
    """
    selection = Selection(
        limit=limit,
        offset=max(0, offset),
        sort=_sort("sort_by", sort_by) if sort_by else NEWEST_FIRST,
        worker=worker or None,
        name=type or None,
        state=state or None,
        received_start=_epoch("received_start", received_start),
        received_end=_epoch("received_end", received_end),
        search=parse(search),
    )
    # What is wrong with an argument is told by this call; a generator would wait until somebody takes the first task.
    return _tasks(store, selection)


def get_task_by_id(store: Store, task_id: str) -> TaskDetail | None:
    """All that is known of a task; None where nothing is.

    Raises:
        StoreUnavailable: There is no store, or one of another version.
    """
    with _open(store) as reader:
        return reader.task(task_id)


def sort_tasks(tasks: Iterable[tuple[str, Task]], sort_by: str) -> list[tuple[str, Task]]:
    """Ids and tasks in an order; what is not known comes first, and last in a descending one, as in Flower.

    Args:
        tasks: As `iter_tasks` gives them; a task may be a mapping too, as `/api/tasks` shows it.
        sort_by: One of `SORT_KEYS`, `-` before it for descending. Texts are compared in any case.

    Raises:
        QueryError: There is no such order.
    """
    order = _sort("sort_by", sort_by)
    key = order.removeprefix("-")
    return sorted(tasks, key=lambda pair: _rank(pair[1], key, pair[0]), reverse=order.startswith("-"))


def as_dict(task: TaskDetail | Event) -> dict[str, Any]:
    """A task as Flower's object of 31 keys (`/api/task/info/<id>`); an event as Celery sends it, what is None left out.

    Times are epoch seconds; args, kwargs and result are texts; children is a list of ids.
    """
    if isinstance(task, Event):
        return {field: value for field, value in msgspec.structs.asdict(task).items() if value is not None}
    return msgspec.structs.asdict(flower_task(task)) | {"children": list(task.children)}


def _tasks(store: Store, selection: Selection) -> Iterator[tuple[str, TaskDetail]]:
    with _open(store) as reader:
        for chunk in _at_once(chunks(_AtHand(reader), selection)):
            for task in chunk:
                yield task.uuid, task


@contextmanager
def _open(store: Store) -> Iterator[Reader]:
    """A reader: the one that was given, or one for as long as the block lasts."""
    if isinstance(store, Reader):
        yield store
        return
    reader = Reader(Path(store))
    try:
        yield reader
    finally:
        reader.close()


class _AtHand:
    """A store that answers at once: in this thread, without a wait."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read(self, question: Callable[[Reader], Answer], /) -> Answer:
        return question(self._reader)


def _at_once(pieces: AsyncIterator[Piece]) -> Iterator[Piece]:
    """What an asynchronous iterator gives, when nothing in it ever waits: without an event loop, so in any thread."""
    while True:
        try:
            anext(pieces).__await__().send(None)
        except StopIteration as given:
            yield given.value
        except StopAsyncIteration:
            return


def _sort(field: str, text: str) -> str:
    key = text.lstrip("-")
    if key not in SORT_KEYS:
        raise QueryError(field, f"{field}: can't sort by {text!r}; choose one of {', '.join(SORT_KEYS)}")
    return f"-{key}" if text.startswith("-") else key


def _epoch(field: str, value: Moment) -> float | None:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if value is None or isinstance(value, int | float):
        return value
    try:
        return parameters.moment(field, value)
    except Problem as problem:
        raise QueryError(field, problem.detail) from problem


def _rank(task: object, key: str, task_id: str) -> tuple[bool, Any, str]:
    value = task.get(key) if isinstance(task, Mapping) else getattr(task, key, None)
    if value is None:
        return False, "", task_id
    return True, value.casefold() if isinstance(value, str) else value, task_id
