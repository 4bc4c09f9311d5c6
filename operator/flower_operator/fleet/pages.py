"""The page, and the headers that keep it to itself."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from flower_operator.fleet import problems
from flower_operator.fleet.addresses import is_opened, leads_into_monitor

STATIC = Path(__file__).parent.parent / "static"
"""Where `make dashboard` puts the built dashboard."""

ADDRESSES = ("/", "/compare")
"""What a person opens: one page, which shows what its address says (`dashboard/src/fleet/routes.tsx`)."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer. Numbers of the fleet must not show in another site's frame, script or cache."""

_NOT_KEPT = {"Cache-Control": "no-store"}
_ASKED_EACH_TIME = {"Cache-Control": "no-cache"}


class HeadersMiddleware:
    """Adds `HEADERS`, and `Cache-Control: no-store` where the answer says nothing of caching."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # What comes from a monitor has a narrower policy than the fleet's own pages.
                for name, value in (HEADERS | _NOT_KEPT).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Assets(StaticFiles):
    """Files whose names hold a hash of their content: kept by browsers for good."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code < 400:
            response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response


def install(app: FastAPI, static: Path = STATIC) -> None:
    """Serve the page at `ADDRESSES` and where a person mistyped one, and what it loads at `/assets`."""
    router = APIRouter(include_in_schema=False)
    entry = static / "fleet.html"

    async def page() -> Response:
        if not entry.is_file():
            raise HTTPException(
                404, "This installation has no page; `make dashboard` builds it. The API is at /api/v1."
            )
        return FileResponse(entry, headers=_ASKED_EACH_TIME)

    for address in ADDRESSES:
        router.add_api_route(address, page, methods=["GET"])

    async def not_found(request: Request, error: Exception) -> Response:
        if _wants_page(request) and entry.is_file():
            return FileResponse(entry, 404, headers=_ASKED_EACH_TIME)
        return await problems.http_exception(request, error)

    app.include_router(router)
    app.mount("/assets", Assets(directory=static / "assets", check_dir=False))
    app.add_exception_handler(404, not_found)


def _wants_page(request: Request) -> bool:
    """Whether it is a page of the fleet's own that a person opens."""
    path = request.url.path
    return is_opened(request) and not path.startswith(("/api/", "/assets/")) and not leads_into_monitor(path)
