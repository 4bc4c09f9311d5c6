"""`GET /api/v1/workers`."""

from fastapi import APIRouter
from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.context import Ctx
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.shapes import WorkerList


def install(routes: APIRouter) -> None:
    """Add the route of the workers."""
    routes.get("/api/v1/workers", tags=["workers"], responses=answers(WorkerList))(list_workers)


async def list_workers(context: Ctx) -> Response:
    """All workers that events were ever seen of, by host name."""
    return json_response(WorkerList(await context.store.read(Reader.workers)))
