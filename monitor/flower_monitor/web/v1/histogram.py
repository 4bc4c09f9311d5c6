"""`GET /api/v1/task-histogram`: when tasks were received, for choosing a range of their list."""

import time
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from flower_monitor.store.histogram import Histogram, HistogramQuery
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.history import MOST_POINTS
from flower_monitor.web.v1.tasks import TaskConditions


class HistogramParameters(TaskConditions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tasks, and in how many steps."""

    points: Annotated[
        int,
        Meta(ge=2, le=MOST_POINTS, description="Most steps; none is shorter than a minute"),
    ] = 120

    def query(self, now: float) -> HistogramQuery:
        """The question to the store."""
        return HistogramQuery(tasks=self.conditions(), now=now, points=self.points)


def routes() -> Routes:
    """The route of the histogram."""
    given = answers(Histogram, bad_request=True)
    return [Route("/api/v1/task-histogram", read_histogram, HistogramParameters, tag="tasks", answers=given)]


async def read_histogram(call: Call[HistogramParameters]) -> Response:
    """How many tasks that fit were received in each of some equal steps, and how many of them failed.

    Left out, `received_end` is now and `received_start` the oldest of them. Of more than a million the newest are
    counted.
    """
    query = call.parameters.query(time.time())
    return json_response(await call.context.store.read(lambda reader: reader.histogram(query)))
