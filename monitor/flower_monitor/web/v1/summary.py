"""`GET /api/v1/summary`."""

from starlette.responses import Response

from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import SummaryBody


def routes() -> Routes:
    """The route of the summary."""
    return [Route("/api/v1/summary", read_summary, Nothing, tag="monitor", answers=answers(SummaryBody))]


async def read_summary(call: Call[Nothing]) -> Response:
    """The state of the monitor at a glance: broker, workers, tasks, events, store, throughput and notices."""
    return json_response(await call.context.store.read(call.context.observer.summary))
