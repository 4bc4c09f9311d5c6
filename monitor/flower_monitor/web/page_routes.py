"""The pages: one entry page at every address that the dashboard routes by itself, and its assets."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from flower_monitor.web.context import Ctx

ENTRY_PATHS = ("/", "/tasks", "/workers", "/task/{uuid}", "/worker/{name:path}")


def install(routes: APIRouter) -> None:
    """Add the routes of pages and assets."""
    for path in ENTRY_PATHS:
        routes.get(path, include_in_schema=False)(entry)
    routes.get("/assets/{name:path}", include_in_schema=False)(asset)


async def entry(context: Ctx) -> Response:
    """The page; it reads its own address and shows what belongs there."""
    return context.pages.entry_response()


async def asset(context: Ctx, request: Request, name: str) -> Response:
    """A script, style sheet or image of the page."""
    return context.pages.asset_response(name, request)
