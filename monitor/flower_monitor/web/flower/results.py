"""`GET /api/task/result/{id}` and `POST /api/task/abort/{id}`."""

from typing import Annotated, Any

from msgspec import Meta
from starlette.responses import Response

from flower_monitor.exceptions import OptionError
from flower_monitor.publish.order import seconds
from flower_monitor.publish.outcome import Outcome
from flower_monitor.web.context import Context
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.task_info import TaskParameters
from flower_monitor.web.leaving import GONE, while_there
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.responses import flower_response, tagged_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.sending import problems, shown

RESULT_SCHEMA = {
    "type": "object",
    "properties": {
        "task-id": {"type": "string"},
        "state": {"type": "string"},
        "result": {"description": "What it returned, or its exception as text; left out: it has not ended"},
        "traceback": {"type": ["string", "null"], "description": "Where it failed; left out: it has not"},
    },
    "required": ["task-id", "state"],
}

_ABORTED = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "state": {"type": "string", "description": "ABORTED, or how it had ended before"},
    },
    "required": ["message", "state"],
}


class ResultParameters(TaskParameters, frozen=True, kw_only=True):
    """Which task, and how long to wait for it."""

    timeout: Annotated[str | None, Meta(description="Most seconds to wait for its end; left out: none")] = None


def routes() -> Routes:
    """The routes of results."""
    return [
        Route(
            "/api/task/result/{task_id:path}",
            read_task_result,
            ResultParameters,
            tag="Flower",
            answers=flower_answers(RESULT_SCHEMA, 400, 404),
        ),
        Route(
            "/api/task/abort/{task_id:path}",
            abort_task,
            TaskParameters,
            method="POST",
            tag="Flower",
            answers=flower_answers(_ABORTED, 403, 404, tagged=False),
        ),
    ]


async def read_task_result(call: Call[ResultParameters]) -> Response:
    """What the result backend has of a task; with `timeout`, once it has ended, if it does in time."""
    uuid, timeout = call.parameters.task_id, _timeout(call.parameters.timeout)
    with problems():
        outcome = await while_there(call.request, call.context.publisher.outcomes.end(uuid, timeout))
    if outcome is None:
        return Response(status_code=GONE)
    return tagged_response(call.request, await result_body(call.context, uuid, outcome))


async def abort_task(call: Call[TaskParameters]) -> Response:
    """Tell a task to abort: it is written to the result backend, where tasks of `celery.contrib.abortable` look.

    One that has ended stays as it is.
    """
    with problems():
        outcome = await call.context.publisher.outcomes.abort(call.parameters.task_id)
    body = {"message": f"Aborted '{call.parameters.task_id}'", "state": outcome.state}
    return flower_response(body)


async def result_body(context: Context, uuid: str, outcome: Outcome) -> dict[str, Any]:
    """Flower's answer: `result` only of a task that has ended, `traceback` only of one that failed."""
    body: dict[str, Any] = {"task-id": uuid, "state": outcome.state}
    if outcome.ready:
        how = await shown(context, uuid, outcome)
        body["result"] = how.value(outcome.result)
        if outcome.state == "FAILURE":
            body["traceback"] = how.text(outcome.traceback)
    return body


def _timeout(text: str | None) -> float:
    try:
        return 0.0 if text is None else seconds("timeout", text)
    except OptionError:
        raise bad_parameter("timeout", f"Invalid argument '{text}' of type 'float': timeout takes seconds") from None
