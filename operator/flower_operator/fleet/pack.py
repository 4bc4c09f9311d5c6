"""Packs the fleet's own answers: a thousand monitors are a megabyte of JSON, and the page's script is most of one.

What comes from a monitor is passed on as the monitor packed it, and a live stream is not held back to be packed.
"""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from flower_operator.fleet.addresses import leads_into_monitor

SMALLEST = 1_000
"""Bytes of an answer below which packing gains nothing."""

LEVEL = 1
"""The quickest: JSON becomes a tenth by it, and hardly less by any other."""


class PackMiddleware:
    """gzip for whoever takes it. Long answers are packed in a thread (Starlette)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packing = GZipMiddleware(app, SMALLEST, LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = scope["type"] == "http" and not leads_into_monitor(scope["path"])
        await (self._packing if own else self._app)(scope, receive, send)
