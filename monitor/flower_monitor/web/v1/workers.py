"""`GET /api/v1/workers`."""

from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import WorkerList


def routes() -> Routes:
    """The route of the workers."""
    return [Route("/api/v1/workers", list_workers, Nothing, tag="workers", answers=answers(WorkerList))]


async def list_workers(call: Call[Nothing]) -> Response:
    """All workers that events were ever seen of, by host name."""
    return json_response(WorkerList(await call.context.store.read(Reader.workers)))
