"""`GET /api/v1/summary`."""

from fastapi import APIRouter
from starlette.responses import Response

from flower_monitor.web.context import Ctx
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.shapes import SummaryBody


def install(routes: APIRouter) -> None:
    """Add the route of the summary."""
    routes.get("/api/v1/summary", tags=["monitor"], responses=answers(SummaryBody))(read_summary)


async def read_summary(context: Ctx) -> Response:
    """The state of the monitor at a glance: broker, workers, tasks, events, store, throughput and notices."""
    return json_response(await context.store.read(context.observer.summary))
