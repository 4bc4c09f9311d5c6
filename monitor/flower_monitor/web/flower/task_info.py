"""`GET /api/task/info/{id}` and `GET /api/task/types`."""

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.task_object import FlowerTask, TaskTypes, flower_task
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import tagged_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import TaskId


class TaskParameters(msgspec.Struct, frozen=True):
    """Which task."""

    task_id: TaskId


def routes() -> Routes:
    """The routes of one task and of the names of all."""
    return [
        Route("/api/task/types", list_task_types, Nothing, tag="Flower", answers=flower_answers(TaskTypes)),
        Route(
            "/api/task/info/{task_id:path}",
            read_task_info,
            TaskParameters,
            tag="Flower",
            answers=flower_answers(FlowerTask, 404),
        ),
    ]


async def list_task_types(call: Call[Nothing]) -> Response:
    """Names of all tasks that events were ever seen of, sorted."""
    return tagged_response(call.request, TaskTypes(await call.context.store.read(Reader.task_names)))


async def read_task_info(call: Call[TaskParameters]) -> Response:
    """All that is known of a task."""
    task_id = call.parameters.task_id
    task = await call.context.store.read(lambda reader: reader.task(task_id))
    if task is None:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-task", f"Unknown task '{task_id}'")
    return tagged_response(call.request, flower_task(task))
