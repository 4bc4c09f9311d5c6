"""`GET /api/task/info/{id}` and `GET /api/task/types`."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.context import Ctx
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.task_object import FlowerTask, TaskTypes, flower_task
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import tagged_response


def install(routes: APIRouter) -> None:
    """Add the routes of one task and of the names of all."""
    routes.get("/api/task/types", tags=["Flower"], responses=flower_answers(TaskTypes))(list_task_types)
    routes.get("/api/task/info/{task_id:path}", tags=["Flower"], responses=flower_answers(FlowerTask, 404))(
        read_task_info
    )


async def list_task_types(context: Ctx, request: Request) -> Response:
    """Names of all tasks that events were ever seen of, sorted."""
    return tagged_response(request, TaskTypes(await context.store.read(Reader.task_names)))


async def read_task_info(context: Ctx, request: Request, task_id: str) -> Response:
    """All that is known of a task."""
    task = await context.store.read(lambda reader: reader.task(task_id))
    if task is None:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-task", f"Unknown task '{task_id}'")
    return tagged_response(request, flower_task(task))
