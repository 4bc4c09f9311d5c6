"""`GET /api/v1/queue-history` and `/api/v1/queues/{name}/history`: how long queues were."""

import time
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from flower_monitor.store.queue_history import DepthQuery, QueueHistory, QueueLines
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.history import HOUR, MOST_POINTS
from flower_monitor.web.v1.queues import Name, checked
from flower_monitor.web.v1.tasks import Time

MOST_OF_EACH = 60
"""Steps of each of many queues: small pictures beside one another."""

STEPS = (
    "Most steps; they are as short as this and what is kept allow: a minute for a day back, then an hour, then a day"
)


class RangeParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of when."""

    start: Annotated[Time | UnsetType, Meta(description="From when, epoch seconds; left out: an hour before `end`")] = (
        UNSET
    )
    end: Annotated[Time | UnsetType, Meta(description="Until when, epoch seconds; left out: now")] = UNSET

    def query(self, now: float, points: int) -> DepthQuery:
        """The question to the store."""
        end = now if self.end is UNSET else self.end
        return DepthQuery(start=end - HOUR if self.start is UNSET else self.start, end=end, points=points)


class LinesParameters(RangeParameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of when, and how finely."""

    points: Annotated[int, Meta(ge=2, le=MOST_OF_EACH, description=STEPS)] = 30


class QueueParameters(RangeParameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which queue, of when, and how finely."""

    name: Name
    points: Annotated[int, Meta(ge=2, le=MOST_POINTS, description=STEPS)] = 120


def routes() -> Routes:
    """The routes of queues' history; that of one stands before the route of a queue, which takes any path."""
    every, one = answers(QueueLines, bad_request=True), answers(QueueHistory, bad_request=True, not_found=True)
    path = "/api/v1/queues/{name:path}/history"
    return [
        Route("/api/v1/queue-history", list_history, LinesParameters, tag="queues", answers=every),
        Route(path, read_history, QueueParameters, tag="queues", answers=one),
    ]


async def list_history(call: Call[LinesParameters]) -> Response:
    """How many messages waited in each queue over a range, in equal steps; null where nobody looked.

    Queues are sampled whenever somebody looks at them: a page, a scrape that shows them, what scales by them. The
    broker is asked for nothing more.
    """
    query = call.parameters.query(time.time(), call.parameters.points)
    return json_response(await call.context.store.read(lambda reader: reader.queue_lines(query)))


async def read_history(call: Call[QueueParameters]) -> Response:
    """Ready and unacknowledged messages and consumers of one queue over a range; of one never seen all is null."""
    name = checked(call.parameters.name)
    query = call.parameters.query(time.time(), call.parameters.points)
    return json_response(await call.context.store.read(lambda reader: reader.queue_history(name, query)))
