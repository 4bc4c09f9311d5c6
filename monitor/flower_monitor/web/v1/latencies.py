"""`GET /api/v1/latencies`."""

import time
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from flower_monitor.store.latencies import Latencies, LatencyQuery
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.tasks import MAX_WORDS, Text, Time, Word

HOUR = 3600.0

MAX_ROWS = 10_000
"""Most steps of a range: a chart has some hundreds."""


Step = Annotated[int, Meta(ge=60)]


class LatencyParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of what ended, and how it is told apart."""

    start: Annotated[Time | UnsetType, Meta(description="From when, epoch seconds; left out: an hour before `end`")] = (
        UNSET
    )
    end: Annotated[Time | UnsetType, Meta(description="Until when, epoch seconds; left out: now")] = UNSET
    by: Annotated[
        list[Literal["name", "queue", "state"]],
        Meta(description="A row for each of these; repeat it for several; left out: one row for all", max_length=3),
    ] = []
    step: Annotated[
        Step | UnsetType, Meta(description="A row for each so many seconds; left out: one for the whole range")
    ] = UNSET
    name: Annotated[Text | None, Meta(description="Only tasks of exactly this name")] = None
    queue: Annotated[Text | None, Meta(description="Only tasks sent to exactly this queue")] = None
    state: Annotated[
        list[Word], Meta(max_length=MAX_WORDS, description="Only what ended so, such as SUCCESS; repeat it for several")
    ] = []

    def query(self, now: float) -> LatencyQuery:
        """The question to the store."""
        end = now if self.end is UNSET else self.end
        start = end - HOUR if self.start is UNSET else self.start
        step = None if self.step is UNSET else max(self.step, int((end - start) / MAX_ROWS))
        return LatencyQuery(
            start=start,
            end=end,
            by=tuple(dict.fromkeys(self.by)),
            step=step,
            name=self.name,
            queue=self.queue,
            state=tuple(state.upper() for state in self.state),
        )


def routes() -> Routes:
    """The route of latencies."""
    return [
        Route(
            "/api/v1/latencies",
            list_latencies,
            LatencyParameters,
            tag="tasks",
            answers=answers(Latencies, bad_request=True),
        )
    ]


async def list_latencies(call: Call[LatencyParameters]) -> Response:
    """How many tasks ended, and how long they waited and ran: p50, p95 and p99, exact to `error`.

    A range is answered in minutes for a day back, then in hours, after two weeks in days.
    """
    query = call.parameters.query(time.time())
    return json_response(await call.context.store.read(lambda reader: reader.latencies(query)))
