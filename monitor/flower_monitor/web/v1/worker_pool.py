"""`PUT /api/v1/workers/{name}/pool`: how large a worker's pool should be."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.known import known_worker
from flower_monitor.web.openapi import COMMAND, answers, content
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Body, Call, Route, Routes
from flower_monitor.web.shapes import HostName, PoolBody
from flower_monitor.web.worker_limits import MOST

_ALSO = {
    **COMMAND,
    409: "It has another size than expected, or the worker refuses: it autoscales, or all its processes are busy",
    422: "Its pool can't change its size",
    504: "The worker does not answer",
}


class PoolParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which worker, and how large."""

    name: HostName
    concurrency: Annotated[int, Meta(ge=1, le=MOST, description="Processes, threads or greenlets that it should have")]
    expect: Annotated[
        int | None, Meta(description="What it must have now; if it has not, nothing is changed; left out: anything")
    ] = None


def routes() -> Routes:
    """The route of a worker's pool."""
    given = {
        **answers(PoolBody, bad_request=True, not_found=True, also=_ALSO),
        202: content(PoolBody, "The worker has agreed, and has not got there yet"),
    }
    return [
        Route(
            "/api/v1/workers/{name:path}/pool",
            set_pool,
            PoolParameters,
            method="PUT",
            body=Body.JSON,
            tag="workers",
            answers=given,
        )
    ]


async def set_pool(call: Call[PoolParameters]) -> Response:
    """Set how many processes, threads or greenlets a worker's pool has.

    The worker is asked how many there are, told the difference, and asked again until it is so, for eight seconds at
    most. It holds until the worker is started again.
    """
    context, wanted = call.context, call.parameters
    await known_worker(context, wanted.name)
    found = await context.pools.resize(wanted.name, wanted.concurrency, wanted.expect)
    reached = found.concurrency == found.wanted
    return json_response(found, status=HTTPStatus.OK if reached else HTTPStatus.ACCEPTED)
