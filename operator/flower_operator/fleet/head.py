"""HEAD, wherever the fleet itself answers GET (RFC 9110, 9.1): load balancers, uptime checks and `curl -I` ask so."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_OTHERS = re.compile(r"/[nc]/|/api/v1/stream$")
"""A monitor answers HEAD itself; the live stream would begin, and not end for minutes."""


class HeadMiddleware:
    """Asks the application with GET. The server, to which it stays HEAD, leaves the body away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["method"] == "HEAD" and not _OTHERS.match(scope["path"])
        await self._app({**scope, "method": "GET"} if ours else scope, receive, send)
