"""`GET /api/v1/tasks`, `/tasks/{uuid}` and `/task-names`."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from flower_monitor.store.reader import MAX_LIMIT, Reader
from flower_monitor.store.records import TaskDetail, TaskQuery
from flower_monitor.web.context import Ctx
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import json_response
from flower_monitor.web.shapes import NameList, TaskList

Sort = Literal[
    "received", "-received", "started", "-started", "runtime", "-runtime", "timestamp", "-timestamp",
    "name", "-name", "worker", "-worker", "state", "-state",
]  # fmt: skip

MAX_TEXT = 2048
"""Most characters of a text to filter by; Flower's bound on a search."""

Text = Annotated[str, Field(max_length=MAX_TEXT)]
Time = Annotated[float, Field(allow_inf_nan=False)]


class TaskListParameters(BaseModel):
    """Which tasks, in what order."""

    model_config = ConfigDict(extra="forbid")

    state: list[Text] = Field([], description="Only tasks in this state, any case; repeat it for several")
    name: Text | None = Field(None, description="Only tasks of exactly this name")
    worker: Text | None = Field(None, description="Only tasks on the worker of exactly this host name")
    search: Text | None = Field(
        None, description="Only tasks with this text (any case) in uuid, name, args, kwargs, result or exception"
    )
    received_start: Time | None = Field(None, description="Only tasks received at this time or later, epoch seconds")
    received_end: Time | None = Field(None, description="Only tasks received at this time or before, epoch seconds")
    sort: Sort = Field("-received", description="What to sort by; `-` before it: highest or latest first")
    limit: int = Field(100, ge=1, le=MAX_LIMIT, description="Most tasks in the answer")
    cursor: Text | None = Field(
        None, description="`next_cursor` of the page before, with the same filters and sort; leave out for the first"
    )

    def query(self) -> TaskQuery:
        """The question to the store."""
        return TaskQuery(
            state=tuple(state.upper() for state in self.state),
            name=self.name,
            worker=self.worker,
            search=self.search or None,
            received_start=self.received_start,
            received_end=self.received_end,
            sort=self.sort,
            limit=self.limit,
            cursor=self.cursor,
        )


def install(routes: APIRouter) -> None:
    """Add the routes of tasks."""
    routes.get("/api/v1/tasks", tags=["tasks"], responses=answers(TaskList, bad_request=True))(list_tasks)
    routes.get("/api/v1/tasks/{uuid}", tags=["tasks"], responses=answers(TaskDetail, not_found=True))(read_task)
    routes.get("/api/v1/task-names", tags=["tasks"], responses=answers(NameList))(list_task_names)


async def list_tasks(context: Ctx, parameters: Annotated[TaskListParameters, Query()]) -> Response:
    """A page of tasks.

    With `search` a page may be short, even empty, and still have a `next_cursor`: a scan is limited in time.
    """
    page = await context.store.read(lambda reader: reader.tasks(parameters.query()))
    return json_response(TaskList(page.items, page.next_cursor))


async def read_task(context: Ctx, uuid: str) -> Response:
    """All that is known of a task, with its traceback, history and children."""
    task = await context.store.read(lambda reader: reader.task(uuid))
    if task is None:
        detail = f"Unknown task {uuid!r}: it was never seen here, or is older than what is kept"
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-task", detail, field="uuid")
    return json_response(task)


async def list_task_names(context: Ctx) -> Response:
    """Names of all tasks that events were ever seen of, sorted."""
    return json_response(NameList(await context.store.read(Reader.task_names)))
