"""`GET /api/v1/summary-history`: backlog, workers, lag and the share that was seen, over a range."""

import time
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from flower_monitor.store.summary_history import SummaryHistory
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.history import MOST_POINTS
from flower_monitor.web.v1.queue_history import STEPS, RangeParameters


class SummaryHistoryParameters(RangeParameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of when, and how finely."""

    points: Annotated[int, Meta(ge=2, le=MOST_POINTS, description=STEPS)] = 120


def routes() -> Routes:
    """The route of the summary's history."""
    given = answers(SummaryHistory, bad_request=True)
    return [
        Route("/api/v1/summary-history", read_history, SummaryHistoryParameters, tag="monitor", answers=given),
    ]


async def read_history(call: Call[SummaryHistoryParameters]) -> Response:
    """Workers online, messages that wait, lag and the part that was seen over a range, in equal steps.

    Sampled once a minute; null where a number was not known: the monitor did not run or hear its broker, nobody looked
    at queues, no event came, workers did nothing.
    """
    query = call.parameters.query(time.time(), call.parameters.points)
    return json_response(await call.context.store.read(lambda reader: reader.summary_history(query)))
