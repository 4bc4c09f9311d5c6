"""`POST /api/v1/tasks` and `GET /api/v1/tasks/{uuid}/result`: sending a task, and what the result backend has of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.progress import TaskProgress, progress
from flower_monitor.publish.order import order
from flower_monitor.web import audit
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Answers, Body, Call, Route, Routes
from flower_monitor.web.sending import SECRET, Shown, problems, shown
from flower_monitor.web.shapes import SentTask, TaskResult
from flower_monitor.web.v1.tasks import MAX_TEXT, TaskParameters

MOST_SECONDS = 2**31 - 1

NO_BACKEND = "This monitor has no result backend: set --result-backend (or spec.resultBackend)"

Name = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Seconds = Annotated[float, Meta(ge=0, le=MOST_SECONDS)]


class NewTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A task to send."""

    name: Annotated[Name, Meta(description="Name of the task; any, also one that no worker has told of")]
    args: Annotated[list[Any], Meta(description="Positional arguments")] = []
    kwargs: Annotated[dict[str, Any], Meta(description="Keyword arguments")] = {}
    uuid: Annotated[Name | None, Meta(description="Id of the task; left out: a new one")] = None
    queue: Annotated[Name | None, Meta(description="Queue; left out: `celery`")] = None
    exchange: Annotated[Name | None, Meta(description="Exchange; left out: straight to the queue")] = None
    routing_key: Annotated[Name | None, Meta(description="Routing key, with `exchange`")] = None
    priority: Annotated[
        Annotated[int, Meta(ge=0, le=255)] | None, Meta(description="Priority, with the meaning that the broker has")
    ] = None
    countdown: Annotated[Seconds | None, Meta(description="Seconds until it may start")] = None
    eta: Annotated[Name | None, Meta(description="When it may start, ISO 8601; without an offset it is UTC")] = None
    expires: Annotated[
        Seconds | Name | None,
        Meta(description="Seconds, or the time (ISO 8601), after which it is not started any more"),
    ] = None
    time_limit: Annotated[Seconds | None, Meta(description="Seconds it may run before its process is killed")] = None
    soft_time_limit: Annotated[Seconds | None, Meta(description="Seconds it may run before it is told to stop")] = None
    ignore_result: Annotated[bool | None, Meta(description="Whether its result is not to be kept")] = None
    serializer: Annotated[Name | None, Meta(description="How arguments are written; left out: `json`")] = None
    compression: Annotated[Name | None, Meta(description="How the message is compressed; left out: not")] = None
    headers: Annotated[dict[str, Any] | None, Meta(description="Headers of the message, beside Celery's")] = None

    def order(self) -> Mapping[str, Any]:
        """As Celery names it."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("name", "uuid")}
        return {name: value for name, value in given.items() if value is not None} | {"task_id": self.uuid}


def routes() -> Routes:
    """The routes that send a task and show its result."""
    return [
        Route(
            "/api/v1/tasks",
            create_task,
            NewTask,
            method="POST",
            body=Body.JSON,
            quiet=SECRET,
            tag="tasks",
            answers=_sending_answers(),
        ),
        Route(
            "/api/v1/tasks/{uuid:path}/result",
            read_result,
            TaskParameters,
            tag="tasks",
            answers=_with_backend(answers(TaskResult, not_found=True)),
        ),
    ]


def _sending_answers() -> Answers:
    found = answers(SentTask, bad_request=True)
    refused = {403: "The role may not do this, or a page of another site sent it", 413: "The body is too long"}
    found[202] = {**found.pop(200), "description": "It was sent"}
    return _with_backend(found) | {status: {**found[400], "description": why} for status, why in refused.items()}


def _with_backend(found: Answers) -> dict[int, Mapping[str, Any]]:
    why = "The broker or the result backend can't be used: `detail` says why; or the store can't be read yet"
    return {**found, 503: {**found[503], "description": why}}


async def create_task(call: Call[NewTask]) -> Response:
    """Send a task. It is sent once the answer is there; what comes of it is at `/api/v1/tasks/{uuid}/result`."""
    with problems():
        wanted = order(call.parameters.name, call.parameters.order())
        await call.context.publisher.send(wanted, as_registered=True)
    audit.tell(call.request, f"sent as {wanted.uuid}")
    return json_response(SentTask(wanted.uuid, wanted.name), status=HTTPStatus.ACCEPTED)


async def read_result(call: Call[TaskParameters]) -> Response:
    """What the result backend has of a task now, also of one that runs; PENDING: nothing. It is not stored."""
    uuid = call.parameters.uuid
    outcomes = call.context.publisher.outcomes
    if not outcomes.configured:
        # Nothing that passes, as a 503 would say.
        raise Problem(HTTPStatus.NOT_FOUND, "no-result-backend", NO_BACKEND)
    with problems():
        outcome = await outcomes.read(uuid)
    how = await shown(call.context, uuid, outcome)
    value = how.value(outcome.result)
    return json_response(
        TaskResult(
            uuid=uuid,
            state=outcome.state,
            result=value if outcome.ready else None,
            meta=None if outcome.ready else value,
            traceback=how.text(outcome.traceback),
            date_done=outcome.date_done,
            progress=None if outcome.ready else _progress(outcome.result, how),
        )
    )


def _progress(meta: Any, how: Shown) -> TaskProgress | None:
    """How far a task is, where it tells and no rule hides it."""
    found = progress(meta)
    told = None if found is None else {"current": meta["current"], "total": meta["total"]}
    return found if how.value(told) == told else None
