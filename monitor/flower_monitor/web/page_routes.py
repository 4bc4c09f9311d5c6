"""The pages: one entry page at every address that the dashboard routes by itself, and its assets."""

import msgspec
from starlette.responses import Response

from flower_monitor.web.routing import Call, Nothing, Route, Routes

ENTRY_PATHS = ("/", "/tasks", "/workers", "/task/{uuid}", "/worker/{name:path}")


class AssetParameters(msgspec.Struct, frozen=True):
    """Which asset."""

    name: str


def routes() -> Routes:
    """The routes of pages and assets."""
    assets = Route("/assets/{name:path}", asset, AssetParameters)
    return [*(Route(path, entry, Nothing) for path in ENTRY_PATHS), assets]


async def entry(call: Call[Nothing]) -> Response:
    """The page; it reads its own address and shows what belongs there."""
    return call.context.pages.entry_response()


async def asset(call: Call[AssetParameters]) -> Response:
    """A script, style sheet or image of the page."""
    return call.context.pages.asset_response(call.parameters.name, call.request)
