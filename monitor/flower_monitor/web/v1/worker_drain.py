"""`POST /api/v1/workers/{name}/drain`: for a pod's `preStop`."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.audit import tell
from flower_monitor.web.autoscale_shapes import DrainBody
from flower_monitor.web.known import known_worker
from flower_monitor.web.openapi import COMMAND, answers, content
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Body, Call, Route, Routes
from flower_monitor.web.shapes import HostName

LONGEST = 3600
"""Seconds that one request waits: a pod's grace period is shorter."""

_ALSO = {
    **COMMAND,
    409: "The worker refused",
    504: "The worker does not answer: it may still consume",
}


class DrainParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which worker, and how long its tasks are waited for."""

    name: HostName
    deadline: Annotated[float, Meta(ge=0, le=LONGEST, description="Seconds to wait for its tasks; 0: not at all")] = (
        30.0
    )


def routes() -> Routes:
    """The route of draining."""
    given = {
        **answers(DrainBody, bad_request=True, not_found=True, also=_ALSO),
        202: content(DrainBody, "It takes no more tasks, and still had some at the deadline"),
    }
    path = "/api/v1/workers/{name:path}/drain"
    return [Route(path, drain, DrainParameters, method="POST", body=Body.JSON, tag="workers", answers=given)]


async def drain(call: Call[DrainParameters]) -> Response:
    """Have a worker stop consuming all its queues, and wait until it has no more tasks.

    Nothing is ended: a task that runs goes on, after the deadline too. Tasks that the worker has and that are due are
    waited for as well; those that wait for their ETA are not. It consumes again when it is started anew, or told to
    (`POST /api/worker/queue/add-consumer/{worker}`).
    """
    wanted = call.parameters
    await known_worker(call.context, wanted.name)
    found = await call.context.draining.drain(wanted.name, wanted.deadline)
    drained = found.gone or found.left == 0
    tell(call.request, f"{'drained' if drained else f'{found.left} tasks left'}: {', '.join(found.queues)}")
    body = DrainBody(worker=wanted.name, drained=drained, queues=found.queues, left=found.left)
    return json_response(body, status=HTTPStatus.OK if drained else HTTPStatus.ACCEPTED)
