"""`GET /api/v1/audit`: who did what."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from flower_monitor.store.reader import MAX_LIMIT
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.shapes import AuditList

Number = Annotated[int, Meta(ge=0, lt=1 << 53)]


class AuditParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries."""

    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="Most entries in the answer")] = 100
    before: Annotated[Number | None, Meta(description="`next_before` of the page before; leave out for the newest")] = (
        None
    )


def routes() -> Routes:
    """The route of the audit."""
    given = answers(AuditList, bad_request=True, forbidden=True)
    return [Route("/api/v1/audit", list_audit, AuditParameters, tag="monitor", answers=given)]


async def list_audit(call: Call[AuditParameters]) -> Response:
    """Requests that changed something or would have, newest first: who, from where, what, and with which outcome.

    The newest 100,000 are kept. An entry is there a moment after its request was answered.
    """
    wanted = call.parameters
    found = await call.context.store.read(lambda reader: reader.audit(wanted.before, wanted.limit))
    return json_response(AuditList(found, found[-1].id if len(found) == wanted.limit else None))
