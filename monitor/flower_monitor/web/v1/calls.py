"""`GET /api/v1/tasks/{uuid}/call`: what it takes to send a task again with `POST /api/v1/tasks`."""

from functools import partial

from starlette.responses import Response

from flower_monitor import recall
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskDetail
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.shapes import Doubt, TaskCall
from flower_monitor.web.v1.tasks import TaskParameters, unknown_task

_NO_NAME = "no event told it: put it in"


def routes() -> Routes:
    """The route of a task's call."""
    given = answers(TaskCall, not_found=True)
    return [Route("/api/v1/tasks/{uuid:path}/call", read_call, TaskParameters, tag="tasks", answers=given)]


async def read_call(call: Call[TaskParameters]) -> Response:
    """What a task was called with, and what of it is in doubt: events tell arguments as text, and Celery cuts it.

    `args` and `kwargs` are texts of JSON, to be sent as they are: numbers keep all their digits.
    """
    return json_response(await call.context.store.read(partial(_read, call.parameters.uuid)))


def _read(uuid: str, reader: Reader) -> TaskCall:
    task = reader.task(uuid)
    if task is None:
        raise unknown_task(uuid)
    args, kwargs = recall.as_json(task.args, tuple), recall.as_json(task.kwargs, dict)
    doubts = {
        "name": _NO_NAME if task.name is None else None,
        "args": recall.doubt(task.args, args, task.cut.get("args", 0)),
        "kwargs": recall.doubt(task.kwargs, kwargs, task.cut.get("kwargs", 0)),
        "queue": recall.queue_doubt(task.queue, task.exchange, task.routing_key),
    }
    return _call(task, args, kwargs, [Doubt(field, why) for field, why in doubts.items() if why])  # type: ignore[arg-type]  # the keys are the literals


def _call(task: TaskDetail, args: str | None, kwargs: str | None, doubts: list[Doubt]) -> TaskCall:
    return TaskCall(uuid=task.uuid, name=task.name, queue=task.queue or None, args=args, kwargs=kwargs, doubts=doubts)
