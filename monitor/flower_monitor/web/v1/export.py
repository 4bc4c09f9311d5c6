"""`GET /api/v1/task-export`: what a list of tasks fits, as a file, sent while it is read."""

import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from flower_monitor.store.reader import MAX_LIMIT, Reader
from flower_monitor.store.records import Page, TaskQuery, TaskRow
from flower_monitor.web.exporting import FIELDS, FORMATS, Format
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.routing import Answers, Call, Route, Routes
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.v1.tasks import MAX_WORDS, TaskFilters, Word

MOST = 100_000
"""Tasks in one file, some 50 MB of JSON: who wants more asks by time received, again and again."""


class ExportParameters(TaskFilters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tasks, and how they are written."""

    format: Annotated[Literal["csv", "jsonl"], Meta(description="Comma-separated values, or a JSON object a line")] = (
        "csv"
    )
    columns: Annotated[
        list[Word], Meta(max_length=MAX_WORDS, description="Fields of a task, in this order; left out: all")
    ] = []  # noqa: RUF012 - msgspec copies it
    sort: Annotated[
        Literal["received", "-received"], Meta(description="The only order that holds still while a file is written")
    ] = "-received"
    limit: Annotated[int, Meta(ge=1, le=MOST, description="Most tasks in it")] = MOST

    def question(self) -> TaskQuery:
        """The question to the store, for the first page."""
        return msgspec.structs.replace(self.filters(), sort=self.sort, limit=min(self.limit, MAX_LIMIT))


def routes() -> Routes:
    """The route of the export."""
    return [Route("/api/v1/task-export", export_tasks, ExportParameters, tag="tasks", answers=_answers())]


def _answers() -> Answers:
    kinds = {one.media_type.partition(";")[0]: {"schema": {"type": "string"}} for one in FORMATS.values()}
    return {200: {"description": "The tasks", "content": kinds}, **answers(None, bad_request=True)}


async def export_tasks(call: Call[ExportParameters]) -> Response:
    """Tasks as a file, 100,000 at most, sent while they are read: a page at a time, so that others get their turn.

    In CSV what is not known is empty, and a text that a spreadsheet would take for a formula has a `'` before it.
    """
    wanted = call.parameters
    columns = _columns(wanted.columns)
    pages = _pages(call.context.store, wanted.question(), wanted.limit)
    # What is wrong with the question shows here, while there is a status to say so with.
    first = await anext(pages)
    kind = FORMATS[wanted.format]
    name = f"tasks-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.{wanted.format}"
    return StreamingResponse(
        _content(kind, columns, first, pages),
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        media_type=kind.media_type,
    )


async def _content(
    kind: Format, columns: Sequence[str], first: list[TaskRow], pages: AsyncIterator[list[TaskRow]]
) -> AsyncIterator[bytes]:
    yield kind.head(columns) + kind.lines(first, columns)
    async for tasks in pages:
        yield kind.lines(tasks, columns)


async def _pages(store: StoreAccess, question: TaskQuery, left: int) -> AsyncIterator[list[TaskRow]]:
    """The tasks, a page at a time; the first is there even if it is empty."""
    while True:
        page = await store.read(partial(_page, question))
        yield page.items
        left -= len(page.items)
        if page.next_cursor is None or left <= 0:
            return
        question = msgspec.structs.replace(question, cursor=page.next_cursor, limit=min(left, MAX_LIMIT))


def _page(question: TaskQuery, reader: Reader) -> Page:
    return reader.tasks(question)


def _columns(wanted: Sequence[str]) -> Sequence[str]:
    """What is written of each task.

    Raises:
        Problem: 400, there is no such field.
    """
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        raise bad_parameter("columns", f"A task has no field {unknown[0]!r}: one of {', '.join(FIELDS)}")
    return wanted or FIELDS
