"""`/tasks/datatable`: a page of tasks as DataTables asks for it: Flower's own page does, and scripts of others."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from flower_monitor.grammar import EVERYTHING, Expression, SearchError, Word, parse
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Summary
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.parameters import integer
from flower_monitor.web.flower.selection import NEWEST_FIRST, SORT_KEYS, Selection, chunks
from flower_monitor.web.flower.task_object import flower_task
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.responses import flower_response
from flower_monitor.web.routing import Body, Call, Nothing, Route, Routes
from flower_monitor.web.store import StoreAccess

LONGEST = 1000
"""Rows of an answer, also of one that asks for all (`length=-1`, deviation D26: Flower sends none)."""

PAGE = 10
"""Rows where `length` is missing: DataTables' own default."""

COUNTED = 10_000
"""Matches of a search that are counted: past it `recordsFiltered` is that, and `recordsFilteredAtLeast` is true."""

_SCHEMA = {
    "type": "object",
    "properties": {
        "draw": {"type": "integer", "description": "As in the request"},
        "data": {"type": "array", "items": {"$ref": "#/components/schemas/FlowerTask"}},
        "recordsTotal": {"type": "integer", "description": "Tasks kept"},
        "recordsFiltered": {"type": "integer", "description": "Of these the ones that match"},
        "recordsFilteredAtLeast": {"type": "boolean", "description": "There: more match than were counted"},
        "searchError": {"type": "string", "description": "There: what is wrong with the search"},
    },
}

_COLUMN = re.compile(r"\d{1,3}")


def routes() -> Routes:
    """The route, as GET and as POST."""
    given = flower_answers(_SCHEMA, 400, tagged=False)
    posted = flower_answers(_SCHEMA, 400, 403, 413, tagged=False)
    path = "/tasks/datatable"
    return [
        Route(path, read_page, Nothing, tag="Flower", answers=given),
        Route(path, read_posted_page, Nothing, method="POST", body=Body.FIELDS, tag="Flower", answers=posted),
    ]


async def read_posted_page(call: Call[Nothing]) -> Response:
    """A page of tasks for DataTables, as `GET` gives it, with the fields in a form."""
    return await read_page(call)


async def read_page(call: Call[Nothing]) -> Response:
    """A page of tasks for DataTables: `draw`, `start`, `length`, `search[value]`, `order[0][column]`, `order[0][dir]`,
    `columns[N][data]`."""
    draw, store = integer("draw", call.sent.get("draw")) or 0, call.context.store
    summary = await store.read(Reader.summary)
    try:
        wanted = selection(call.sent)
    except SearchError as error:
        found = {"data": [], "recordsTotal": summary.tasks, "recordsFiltered": 0, "searchError": str(error)}
        return flower_response({"draw": draw, **found})
    rows = [flower_task(task) async for chunk in chunks(store, wanted) for task in chunk]
    counted = await _count(store, wanted.search, summary)
    body = {"draw": draw, "data": rows, "recordsTotal": summary.tasks, **counted}
    return flower_response(body)


def selection(sent: Mapping[str, Any]) -> Selection:
    """What a request asks for.

    Raises:
        SearchError: The search can't be understood.
        Problem: 400, for a number that is none and an order that there is not.
    """
    length = integer("length", sent.get("length"))
    return Selection(
        limit=PAGE if length is None else LONGEST if length < 0 else min(length, LONGEST),
        offset=max(0, integer("start", sent.get("start")) or 0),
        sort=_sort(sent),
        search=parse(sent.get("search[value]")),
    )


def _sort(sent: Mapping[str, Any]) -> str:
    column = str(sent.get("order[0][column]", ""))
    key = str(sent.get(f"columns[{column}][data]", "")) if _COLUMN.fullmatch(column) else ""
    if not key:
        return NEWEST_FIRST
    if key not in SORT_KEYS:
        raise bad_parameter(f"columns[{column}][data]", f"Can't sort by '{key}', only by {', '.join(SORT_KEYS)}")
    return f"-{key}" if sent.get("order[0][dir]") == "desc" else key


async def _count(store: StoreAccess, search: Expression, summary: Summary) -> dict[str, Any]:
    """How many tasks match: exact, unless it says that it is not."""
    if search == EVERYTHING:
        return {"recordsFiltered": summary.tasks}
    if isinstance(search, Word) and search.field == "state":
        return {"recordsFiltered": summary.states.get(search.text.upper(), 0)}
    everything = Selection(limit=COUNTED + 1, sort="-received", search=search)
    found = 0
    async for chunk in chunks(store, everything):
        found += len(chunk)
    more = {"recordsFilteredAtLeast": True} if found > COUNTED else {}
    return {"recordsFiltered": min(found, COUNTED), **more}
