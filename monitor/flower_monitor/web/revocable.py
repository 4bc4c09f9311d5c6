"""The tasks that a bulk revoke is about: unfinished ones that a filter fits."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import msgspec

from flower_monitor.constants import FINISHED
from flower_monitor.store.reader import MAX_LIMIT, Reader
from flower_monitor.store.records import Page, TaskQuery
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

MOST = 5000
"""Tasks that one call revokes. A worker remembers the ids of 50,000 (`CELERY_WORKER_REVOKES_MAX`), and is busy with
them for a second or so."""

TIME = 10.0
"""Seconds that looking for them may take."""

AT_ONCE = 100
"""Tasks looked up in one go, by their ids."""

_DONE = frozenset(state.name for state in FINISHED)


@dataclass(frozen=True)
class Revocable:
    """What was found."""

    uuids: list[str]
    """Oldest first, `MOST` at most."""

    more: bool
    """There are more."""


async def revocable(store: StoreAccess, filters: TaskQuery) -> Revocable:
    """The unfinished tasks that a filter fits.

    Raises:
        Problem: 422, it takes too long to find them; 503, there is no store to look in.
    """
    states = await store.read(partial(_unfinished, filters.state))
    if not states:
        return Revocable([], more=False)
    # By the time received, in which no task moves while it is read page by page.
    query: TaskQuery | None = msgspec.structs.replace(filters, state=states, sort="received", limit=MAX_LIMIT)
    uuids: list[str] = []
    deadline = time.monotonic() + TIME
    while query is not None and len(uuids) <= MOST:
        page = await store.read(partial(_page, query))
        uuids += [task.uuid for task in page.items]
        query = msgspec.structs.replace(query, cursor=page.next_cursor) if page.next_cursor else None
        if query is not None and time.monotonic() > deadline:
            raise _too_slow()
    return Revocable(uuids[:MOST], len(uuids) > MOST)


async def chosen(store: StoreAccess, uuids: Sequence[str]) -> Revocable:
    """Those of some tasks that have not ended, in their order; of which no event came, they are none."""
    found: list[str] = []
    for start in range(0, len(uuids), AT_ONCE):
        found += await store.read(partial(_alive, uuids[start : start + AT_ONCE]))
    return Revocable(list(dict.fromkeys(found)), more=False)


def _alive(uuids: Sequence[str], reader: Reader) -> list[str]:
    tasks = (reader.task(uuid) for uuid in uuids)
    return [task.uuid for task in tasks if task is not None and task.state not in _DONE]


def _page(query: TaskQuery, reader: Reader) -> Page:
    return reader.tasks(query)


def _unfinished(wanted: tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    """States that tasks have, those of their own among them, without those that nothing is left to revoke in."""
    return tuple(state for state in reader.summary().states if state not in _DONE and (not wanted or state in wanted))


def _too_slow() -> Problem:
    detail = f"Looking for the tasks took longer than {TIME:.0f} s: narrow it by name, worker, state or time received"
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too-slow", detail, field="search")
