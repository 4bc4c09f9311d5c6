"""`GET /api/v1/gaps`: what was not seen."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from flower_monitor.store.reader import MAX_LIMIT
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.shapes import GapList

Number = Annotated[int, Meta(ge=0, lt=1 << 53)]


class GapParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Which gaps."""

    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="Most gaps in the answer")] = 100
    before: Annotated[Number | None, Meta(description="`next_before` of the page before; leave out for the newest")] = (
        None
    )


def routes() -> Routes:
    """The route of the gaps."""
    given = answers(GapList, bad_request=True)
    return [Route("/api/v1/gaps", list_gaps, GapParameters, tag="monitor", answers=given)]


async def list_gaps(call: Call[GapParameters]) -> Response:
    """What was not seen: from when to when, how many tasks, of which workers, and why; newest first."""
    wanted = call.parameters
    gaps = await call.context.store.read(lambda reader: reader.gaps(wanted.before, wanted.limit))
    return json_response(GapList(gaps, gaps[-1].id if len(gaps) == wanted.limit else None))
