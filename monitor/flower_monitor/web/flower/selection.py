"""Which tasks a client of Flower's API wants, and reading them from the store piece by piece."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar, cast

import msgspec

from flower_monitor.grammar import EVERYTHING, Expression
from flower_monitor.store.reader import MAX_LIMIT, Reader
from flower_monitor.store.records import Page, TaskDetail, TaskQuery
from flower_monitor.web.flower.matching import Narrowing, matcher, narrow

Answer = TypeVar("Answer")

SORT_KEYS = ("name", "received", "runtime", "started", "state", "timestamp", "worker")
"""Flower's four, and three of ours (deviation D9)."""

NEWEST_FIRST = "-timestamp"
"""Flower's order where none is asked for: by the last event."""


class Store(Protocol):
    """Whom to ask: the web process's `StoreAccess`, or a script's reader (library/tasks.py)."""

    async def read(self, question: Callable[[Reader], Answer], /) -> Answer:
        """What the store answers to a question."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is asked for. Names of workers and tasks match in any case, as Flower's do."""

    limit: int | None = None
    """None: all; 0 and less: none."""

    offset: int = 0
    sort: str = NEWEST_FIRST
    worker: str | None = None
    name: str | None = None
    state: str | None = None
    received_start: float | None = None
    received_end: float | None = None
    search: Expression = EVERYTHING


async def chunks(store: Store, selection: Selection) -> AsyncIterator[list[TaskDetail]]:
    """The tasks of a selection, some at a time, each read apart so that others get their turn."""
    long = selection.limit is None or selection.limit > MAX_LIMIT
    # What is walked over many pages must not move meanwhile: by the time received alone nothing does.
    walk = _listed if long and selection.sort.removeprefix("-") != "received" else _walked
    async for chunk in walk(store, selection):
        yield chunk


async def _listed(store: Store, selection: Selection) -> AsyncIterator[list[TaskDetail]]:
    """Everything in an order in which tasks move: the order is taken at once, then read piece by piece."""
    query = await store.read(partial(first_query, selection))
    if query is None:
        return
    ids = await store.read(partial(_order, query))
    matches = matcher(selection.search)
    skip, left = selection.offset, selection.limit
    for start in range(0, len(ids), MAX_LIMIT):
        tasks = await store.read(partial(_by_ids, ids[start : start + MAX_LIMIT]))
        found, skip, left = _cut([task for task in tasks if matches(task)], skip, left)
        yield found
        if left == 0:
            return


async def _walked(store: Store, selection: Selection) -> AsyncIterator[list[TaskDetail]]:
    query = await store.read(partial(first_query, selection))
    matches = matcher(selection.search)
    # Where the store can't tell what matches, it can't skip either.
    skip = 0 if query is None or query.offset else selection.offset
    left = selection.limit
    while query is not None and left != 0:
        page = await store.read(partial(_read, query))
        tasks = cast(list[TaskDetail], page.items)
        found, skip, left = _cut([task for task in tasks if matches(task)], skip, left)
        yield found
        query = _following(query, page)


def _cut(matching: list[TaskDetail], skip: int, left: int | None) -> tuple[list[TaskDetail], int, int | None]:
    """The part of a piece that is asked for, and how many are then still to be skipped and to be given."""
    found = matching[skip:][:left]
    return found, max(0, skip - len(matching)), None if left is None else left - len(found)


def first_query(selection: Selection, reader: Reader) -> TaskQuery | None:
    """The question for the first piece; None where nothing can match. Runs in a thread."""
    if selection.limit is not None and selection.limit <= 0:
        return None
    name = _spelled(selection.name, reader.task_names) if selection.name else None
    worker = _spelled(selection.worker, partial(_hostnames, reader)) if selection.worker else None
    if (selection.name and name is None) or (selection.worker and worker is None):
        return None
    everything = selection.search == EVERYTHING
    narrowing = Narrowing() if everything else narrow(selection.search, _hidden(reader))
    state = selection.state or narrowing.state
    return TaskQuery(
        state=(state.upper(),) if state else (),
        name=name,
        worker=worker,
        search=narrowing.text,
        received_start=selection.received_start,
        received_end=selection.received_end,
        sort=selection.sort,
        limit=min(selection.limit or MAX_LIMIT, MAX_LIMIT) if everything else MAX_LIMIT,
        offset=selection.offset if everything else 0,
        details=True,
    )


def _read(query: TaskQuery, reader: Reader) -> Page:
    return reader.tasks(query)


def _order(query: TaskQuery, reader: Reader) -> Sequence[int]:
    return reader.order(query)


def _by_ids(ids: Sequence[int], reader: Reader) -> list[TaskDetail]:
    return reader.by_ids(ids)


def _following(query: TaskQuery, page: Page) -> TaskQuery | None:
    if page.next_cursor is None:
        return None
    return msgspec.structs.replace(query, cursor=page.next_cursor, offset=0)


def _spelled(wanted: str, known: Callable[[], Iterable[str]]) -> str | None:
    """The name that was seen and is meant: this one, or one that differs in case only."""
    alike = [name for name in known() if name.casefold() == wanted.casefold()]
    return wanted if wanted in alike else next(iter(alike), None)


def _hostnames(reader: Reader) -> list[str]:
    return [worker.hostname for worker in reader.workers()]


def _hidden(reader: Reader) -> list[str]:
    """Texts of a task that the store's own search does not look at."""
    return [*reader.summary().states, *_hostnames(reader)]
