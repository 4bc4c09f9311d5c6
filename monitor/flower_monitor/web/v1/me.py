"""`GET /api/v1/me`: who asks, and what they may do."""

from starlette.responses import Response

from flower_monitor.web.credentials import Principal
from flower_monitor.web.gate import WHO
from flower_monitor.web.openapi import answers
from flower_monitor.web.permissions import Permission, weakest
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import Person


def routes() -> Routes:
    """The route of the one who asks."""
    return [Route("/api/v1/me", read_me, Nothing, tag="monitor", answers=answers(Person, store=False))]


async def read_me(call: Call[Nothing]) -> Response:
    """Who asks, and what they may do here; a page shows by it what is for others, and for whom.

    What is asked for is checked again with each request: this is for showing only.
    """
    who: Principal = getattr(call.request.state, WHO)
    return json_response(person(who, read_only=call.context.config.read_only))


def person(who: Principal, *, read_only: bool) -> Person:
    """What is told of somebody. Pure."""
    needed = [permission for permission in Permission if permission is not Permission.PUBLIC]
    return Person(
        name=who.name,
        role=who.role.name.lower(),
        may=[permission.value for permission in needed if who.may(permission)],
        needs={permission.value: weakest(permission).name.lower() for permission in needed},
        read_only=read_only,
    )
