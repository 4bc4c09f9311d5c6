"""`GET /api/v1/workflows/{root_id}`: the tasks that one task led to."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.store.workflows import MOST, Workflow
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes


class WorkflowParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which workflow, and how much of it."""

    root_id: Annotated[str, Meta(description="Id of its first task: `root_id` of each of its tasks")]
    limit: Annotated[int, Meta(ge=1, le=MOST, description="Most tasks in the answer, those that were seen first")] = (
        MOST
    )


def routes() -> Routes:
    """The route of workflows."""
    given = answers(Workflow, bad_request=True, not_found=True)
    return [Route("/api/v1/workflows/{root_id:path}", read_workflow, WorkflowParameters, tag="tasks", answers=given)]


async def read_workflow(call: Call[WorkflowParameters]) -> Response:
    """The tasks that have one root: what a chain, group or chord led to, each with the task that sent it.

    The root comes first, then the others in the order in which they were first seen. Celery's events do not tell the
    groups and chords themselves: the body of a chord has for its parent the task of the header that ended last.
    """
    asked = call.parameters
    found = await call.context.store.read(lambda reader: _read(reader, asked))
    if isinstance(found, Problem):
        raise found
    return json_response(found)


def _read(reader: Reader, asked: WorkflowParameters) -> Workflow | Problem:
    with reader.together():
        found = reader.workflow(asked.root_id, asked.limit)
        return _unknown(asked.root_id, reader.root_of(asked.root_id)) if found is None else found


def _unknown(asked: str, root: str | None) -> Problem:
    """404 where nothing has the root, with the right root of a task that is none."""
    detail = f"No task has the root {asked!r}: none was seen here, or they are older than what is kept"
    if root is not None:
        detail = f"The task {asked!r} is not the first of its workflow: ask for {root!r}"
    return Problem(HTTPStatus.NOT_FOUND, "unknown-workflow", detail, field="root_id")
