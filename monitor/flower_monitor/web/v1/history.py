"""`GET /api/v1/history`: what ended over a range, for charts."""

import time
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from flower_monitor.store.history import History, HistoryQuery
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.tasks import Text, Time

HOUR = 3600.0

MOST_POINTS = 500
"""Steps of a range: a screen has no more that can be told apart."""


class HistoryParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of when, and of which tasks."""

    start: Annotated[Time | UnsetType, Meta(description="From when, epoch seconds; left out: an hour before `end`")] = (
        UNSET
    )
    end: Annotated[Time | UnsetType, Meta(description="Until when, epoch seconds; left out: now")] = UNSET
    points: Annotated[
        int,
        Meta(
            ge=2,
            le=MOST_POINTS,
            description="Most steps; they are as short as this and the rollups allow: a minute for a day back, then an "
            "hour, after two weeks a day",
        ),
    ] = 120
    name: Annotated[Text | None, Meta(description="Only tasks of exactly this name")] = None
    queue: Annotated[Text | None, Meta(description="Only tasks sent to exactly this queue")] = None

    def query(self, now: float) -> HistoryQuery:
        """The question to the store."""
        end = now if self.end is UNSET else self.end
        start = end - HOUR if self.start is UNSET else self.start
        return HistoryQuery(start=start, end=end, points=self.points, name=self.name, queue=self.queue)


def routes() -> Routes:
    """The route of the history."""
    given = answers(History, bad_request=True)
    return [Route("/api/v1/history", read_history, HistoryParameters, tag="tasks", answers=given)]


async def read_history(call: Call[HistoryParameters]) -> Response:
    """What ended over a range, in equal steps: how many by outcome, how long tasks waited and ran, what was not seen.

    With the sums of the whole range, and how many ended in as long a time before it.
    """
    query = call.parameters.query(time.time())
    return json_response(await call.context.store.read(lambda reader: reader.history(query)))
