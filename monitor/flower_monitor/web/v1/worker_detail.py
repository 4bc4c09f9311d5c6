"""`GET /api/v1/workers/{name}`: a worker's events, and what it says of itself."""

import time
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.inspection import DETAILS
from flower_monitor.web.known import known_worker
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.shapes import Answer, HostName, WorkerDetail


class DetailParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which worker, and how old what it said may be."""

    name: HostName
    max_age: Annotated[
        float,
        Meta(ge=0, le=3600, description="Seconds for which its last answers will do; if older, it is asked now"),
    ] = 10.0


def routes() -> Routes:
    """The route of a worker."""
    given = answers(WorkerDetail, bad_request=True, not_found=True)
    return [Route("/api/v1/workers/{name:path}", read_worker, DetailParameters, tag="workers", answers=given)]


async def read_worker(call: Call[DetailParameters]) -> Response:
    """A worker: what its events say, and what it says itself when it is asked, each with its age.

    All who look at the same time share one question to it, and it is waited for a second. What it does not answer is
    what it said before, if it ever did; `problem` tells why.
    """
    context, name = call.context, call.parameters.name
    row = await known_worker(context, name)
    problem = await context.inspection.look(name, call.parameters.max_age)
    said, now = context.inspection.answers(name), time.time()
    found = {command: Answer(at, max(0.0, now - at), value) for command, (at, value) in said.items()}
    details = {command: found.get(command) for command in DETAILS}
    return json_response(WorkerDetail(hostname=name, worker=row, problem=problem, **details))
