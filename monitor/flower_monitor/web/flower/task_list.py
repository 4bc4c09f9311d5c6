"""`GET /api/tasks`: tasks as one JSON object, keyed by uuid, in the order asked for."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from flower_monitor.grammar import SearchError, parse
from flower_monitor.store.records import TaskDetail
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.parameters import choice, integer, moment
from flower_monitor.web.flower.selection import NEWEST_FIRST, SORT_KEYS, Selection, chunks
from flower_monitor.web.flower.task_object import ListedTask, listed_task
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.responses import FLOWER_JSON, flower_json, flower_response, tagged_response
from flower_monitor.web.routing import Answers, Call, Route, Routes

BUFFERED = 1000
"""Most tasks of an answer that is put together before it is sent: it gets an `Etag`, and an error a status."""

_SCHEMA = {"type": "object", "additionalProperties": {"$ref": f"#/components/schemas/{ListedTask.__name__}"}}


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Flower's parameters, as text: what is wrong with one is said in Flower's words."""

    limit: Annotated[str | None, Meta(description="Most tasks in the answer; 0 or less: none; left out: all")] = None
    offset: Annotated[str | None, Meta(description="Tasks to skip; less than 0 is 0")] = None
    sort_by: Annotated[str | None, Meta(description=f"{', '.join(SORT_KEYS)}; `-` before it: descending")] = None
    workername: Annotated[str | None, Meta(description="Only tasks of this worker, any case; `All`: of all")] = None
    taskname: Annotated[str | None, Meta(description="Only tasks of this name, any case; `All`: of any")] = None
    state: Annotated[str | None, Meta(description="Only tasks in this state, any case; `All`: in any")] = None
    received_start: Annotated[
        str | None, Meta(description="Only tasks received at this time (UTC, ISO 8601) or later")
    ] = None
    received_end: Annotated[
        str | None, Meta(description="Only tasks received at this time (UTC, ISO 8601) or before")
    ] = None
    search: Annotated[str | None, Meta(description="Only tasks that match this, in Flower's search language")] = None

    def selection(self) -> Selection:
        """What is asked for."""
        return Selection(
            limit=integer("limit", self.limit),
            offset=max(0, integer("offset", self.offset) or 0),
            sort=_sort(self.sort_by),
            worker=choice(self.workername),
            name=choice(self.taskname),
            state=choice(self.state),
            received_start=moment("received_start", self.received_start),
            received_end=moment("received_end", self.received_end),
            search=parse(self.search),
        )


def routes() -> Routes:
    """The route of the list."""
    return [Route("/api/tasks", list_tasks, Parameters, tag="Flower", answers=_answers())]


def _answers() -> Answers:
    """Those of Flower's routes; a search that is wrong is told in JSON, as Flower does."""
    found = {**flower_answers(_SCHEMA, 400)}
    wrong = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    content = {**found[400]["content"], "application/json": {"schema": wrong}}
    return {**found, 400: {**found[400], "content": content}}


async def list_tasks(call: Call[Parameters]) -> Response:
    """Tasks, newest event first unless sorted otherwise.

    A list without a limit is sent while it is read: however long, it takes no memory here.
    """
    try:
        selection = call.parameters.selection()
    except SearchError as error:
        return flower_response({"error": str(error)}, status=HTTPStatus.BAD_REQUEST)
    found = chunks(call.context.store, selection)
    if selection.limit is None or selection.limit > BUFFERED:
        first: list[TaskDetail] = await anext(found, [])
        return StreamingResponse(_stream(first, found), media_type=FLOWER_JSON)
    tasks = [task async for chunk in found for task in chunk]
    return tagged_response(call.request, {task.uuid: listed_task(task) for task in tasks})


async def _stream(first: list[TaskDetail], rest: AsyncIterator[list[TaskDetail]]) -> AsyncIterator[bytes]:
    """The object, a piece a chunk."""
    yield b"{" + _members(first)
    separate = bool(first)
    async for chunk in rest:
        if chunk:
            yield (b", " if separate else b"") + _members(chunk)
            separate = True
    yield b"}"


def _members(tasks: list[TaskDetail]) -> bytes:
    """A chunk of them, without the braces around all."""
    return flower_json({task.uuid: listed_task(task) for task in tasks})[1:-1]


def _sort(text: str | None) -> str:
    """The order: one `-` or several before a key turn it around, as in Flower."""
    if not text:
        return NEWEST_FIRST
    key = text.lstrip("-")
    if key not in SORT_KEYS:
        detail = f"Invalid sort_by '{text}', expected one of {', '.join(SORT_KEYS)}"
        raise bad_parameter("sort_by", detail)
    return f"-{key}" if text.startswith("-") else key
