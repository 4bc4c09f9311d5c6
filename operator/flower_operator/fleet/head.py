"""HEAD, wherever the fleet itself answers GET (RFC 9110, 9.1): load balancers, uptime checks and `curl -I` ask so."""

from starlette.types import ASGIApp, Receive, Scope, Send

from flower_operator.fleet.addresses import leads_into_monitor

_STREAM = "/api/v1/stream"
"""It would begin, and not end for minutes."""


class HeadMiddleware:
    """Asks the application with GET. The server, to which it stays HEAD, leaves the body away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "HEAD"
        # A monitor answers HEAD itself.
        ours = asked and scope["path"] != _STREAM and not leads_into_monitor(scope["path"])
        await self._app({**scope, "method": "GET"} if ours else scope, receive, send)
