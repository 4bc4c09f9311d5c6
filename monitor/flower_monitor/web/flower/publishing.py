"""`POST /api/task/apply`, `/async-apply` and `/send-task`: tasks by their name.

Flower looks for a name among the tasks of its own app. Here a name is known when events told it, a worker registers it
or Celery has it (deviation D31); `send-task` takes any.
"""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.exceptions import BackendError, OptionError
from flower_monitor.publish.order import Order, order, seconds
from flower_monitor.publish.outcome import Outcome
from flower_monitor.web import audit
from flower_monitor.web.context import Context
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.results import RESULT_SCHEMA, result_body
from flower_monitor.web.leaving import GONE, while_there
from flower_monitor.web.problems import Problem, bad_parameter
from flower_monitor.web.responses import flower_response
from flower_monitor.web.routing import Body, Call, Route, Routes
from flower_monitor.web.sending import SECRET, is_known, problems

PATIENCE = 600.0
"""Seconds that `apply` waits for a result unless told otherwise; Flower waits for ever. Waiting costs no thread, so
it can be longer than what proxies allow."""

PENDING = "PENDING"
"""State of a task that was just sent. The backend is not asked: it has nothing yet, and the task is sent even so."""

_SENT = {
    "type": "object",
    "properties": {"task-id": {"type": "string"}, "state": {"type": "string"}},
    "required": ["task-id"],
}


def _any(schema: dict[str, Any], description: str) -> Meta:
    """A field of any type for msgspec, whose words for a wrong one are not Flower's."""
    return Meta(description=description, extra_json_schema=schema)


_TIME = {"anyOf": [{"type": "number"}, {"type": "string"}]}


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """A task to send. Every other field of the body is an option of Celery's `apply_async` too."""

    name: Annotated[str, Meta(description="Name of the task")]
    args: Annotated[Any, _any({"type": "array", "items": {}}, "Positional arguments")] = []
    kwargs: Annotated[Any, _any({"type": "object"}, "Keyword arguments")] = {}
    queue: Annotated[Any, _any({"type": "string"}, "Queue; left out: `celery`")] = None
    countdown: Annotated[Any, _any(_TIME, "Seconds until it may start")] = None
    eta: Annotated[
        Any, _any({"type": "string"}, "When it may start: `2030-01-31 12:00:00.000000` (UTC), or ISO 8601")
    ] = None
    expires: Annotated[Any, _any(_TIME, "Seconds, or the time, after which it is not started any more")] = None
    priority: Annotated[Any, _any({"type": "integer", "minimum": 0, "maximum": 255}, "Priority, as the broker")] = None
    serializer: Annotated[Any, _any({"type": "string"}, "How arguments are written; left out: `json`")] = None
    task_id: Annotated[Any, _any({"type": "string"}, "Id of the task; left out: a new one")] = None


class Application(Publication, frozen=True, kw_only=True):
    """A task to send and wait for."""

    timeout: Annotated[Any, _any({"type": "number"}, f"Most seconds to wait; left out: {PATIENCE:.0f}")] = None


def routes() -> Routes:
    """The routes that send tasks."""
    paths = (
        ("/api/task/apply/{name:path}", apply_task, Application, RESULT_SCHEMA),
        ("/api/task/async-apply/{name:path}", async_apply_task, Publication, _SENT),
        ("/api/task/send-task/{name:path}", send_task, Publication, _SENT),
    )
    return [
        Route(
            path,
            handler,
            parameters,
            method="POST",
            body=Body.JSON,
            quiet=SECRET,
            tag="Flower",
            answers=flower_answers(schema, 400, 403, 404, 413, tagged=False),
        )
        for path, handler, parameters, schema in paths
    ]


async def apply_task(call: Call[Application]) -> Response:
    """Send a task and wait for its result; when that takes longer than `timeout`, the answer has no `result`.

    Flower documents `timeout` as a parameter of the query, and reads it from the body: here both do (deviation D52).
    """
    body = {**call.sent}
    timeout = _timeout(body.pop("timeout", call.request.query_params.get("timeout")))
    context, outcomes = call.context, call.context.publisher.outcomes
    with problems():
        wanted = order(call.parameters.name, body)
        await _must_be_known(context, wanted.name)
        # A backend that can't be asked is told before anything is sent.
        await outcomes.read(wanted.uuid)
        await context.publisher.send(wanted, as_registered=True)
        audit.tell(call.request, f"sent as {wanted.uuid}")
        if wanted.options.get("ignore_result"):
            timeout = 0.0
        outcome = await while_there(call.request, _ended(context, wanted, timeout))
    if outcome is None:
        return Response(status_code=GONE)
    return flower_response(await result_body(context, wanted.uuid, outcome))


async def async_apply_task(call: Call[Publication]) -> Response:
    """Send a task that is known."""
    return await _send(call, known=True)


async def send_task(call: Call[Publication]) -> Response:
    """Send a task of any name."""
    return await _send(call, known=False)


async def _send(call: Call[Publication], *, known: bool) -> Response:
    publisher = call.context.publisher
    with problems():
        wanted = order(call.parameters.name, {**call.sent})
        if known:
            await _must_be_known(call.context, wanted.name)
        await publisher.send(wanted, as_registered=known)
    audit.tell(call.request, f"sent as {wanted.uuid}")
    body = {"task-id": wanted.uuid} | ({"state": PENDING} if publisher.outcomes.configured else {})
    return flower_response(body)


async def _ended(context: Context, wanted: Order, patience: float) -> Outcome:
    try:
        return await context.publisher.outcomes.end(wanted.uuid, patience)
    except BackendError as error:
        raise BackendError(f"{error} (the task was sent, its id is {wanted.uuid})") from error


async def _must_be_known(context: Context, name: str) -> None:
    if not await is_known(context, name):
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-task", f"Unknown task '{name}'")


def _timeout(given: Any) -> float:
    try:
        return PATIENCE if given is None else seconds("timeout", given)
    except OptionError:
        raise bad_parameter("timeout", "Invalid timeout: it takes a number of seconds") from None
