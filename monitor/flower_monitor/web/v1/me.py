"""`GET /api/v1/me`: who asks, so that a page can say what its reader may and who may the rest."""

from starlette.responses import Response

from flower_monitor.web.credentials import Principal
from flower_monitor.web.gate import PRINCIPAL
from flower_monitor.web.openapi import answers
from flower_monitor.web.permissions import Permission, weakest
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import Me
from flower_monitor.web.vouched import base_of

_ASKED = tuple(permission for permission in Permission if permission is not Permission.PUBLIC)


def routes() -> Routes:
    """The route of who asks."""
    return [Route("/api/v1/me", read_me, Nothing, tag="monitor", answers=answers(Me, store=False))]


async def read_me(call: Call[Nothing]) -> Response:
    """Who asks, by which role, what they may, and which role may the rest."""
    who: Principal = getattr(call.request.state, PRINCIPAL)
    context = call.context
    body = Me(
        name=who.name,
        role=who.role.name.lower(),
        permissions=[permission.value for permission in _ASKED if who.may(permission)],
        holders={permission.value: weakest(permission).name.lower() for permission in _ASKED},
        read_only=context.config.read_only,
        session=_by_provider(call),
        results=context.publisher.outcomes.configured,
    )
    return json_response(body)


def _by_provider(call: Call[Nothing]) -> bool:
    """Whether they came by our login provider: neither with a password or a token, nor by the fleet."""
    known = call.context.sessions is not None and base_of(call.request) is None
    return known and "authorization" not in call.request.headers
