"""The pages: one entry page at every address that the dashboard routes by itself, and its assets."""

import msgspec
from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.flower import worker_rows
from flower_monitor.web.flower.parameters import boolean
from flower_monitor.web.responses import flower_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes

WORKERS_PATHS = ("/", "/workers")
ENTRY_PATHS = (
    *("/", "/overview", "/tasks", "/workers", "/queues", "/broker", "/failures", "/audit"),
    *("/doctor", "/settings", "/schedule", "/scaling"),
    *("/task/{uuid:path}", "/worker/{name:path}", "/workflow/{root_id:path}"),
)


class WorkersParameters(msgspec.Struct, frozen=True):
    """Flower's parameters of its page of workers."""

    json: str | None = None
    refresh: str | None = None


class AssetParameters(msgspec.Struct, frozen=True):
    """Which asset."""

    name: str


def routes() -> Routes:
    """The routes of pages and assets."""
    assets = Route("/assets/{name:path}", asset, AssetParameters)
    pages = (Route(path, entry, Nothing) for path in ENTRY_PATHS if path not in WORKERS_PATHS)
    return [*pages, *(Route(path, workers, WorkersParameters) for path in WORKERS_PATHS), assets]


async def entry(call: Call[Nothing]) -> Response:
    """The page; it reads its own address and shows what belongs there."""
    return call.context.pages.entry_response(call.request)


async def workers(call: Call[WorkersParameters]) -> Response:
    """The page, or with `json=1` its workers, which scripts read (`/` and `/workers` are one page in Flower)."""
    if not boolean("json", call.parameters.json):
        return call.context.pages.entry_response(call.request)
    rows = worker_rows.rows(await call.context.store.read(Reader.workers))
    return flower_response(rows)


async def asset(call: Call[AssetParameters]) -> Response:
    """A script, style sheet or image of the page."""
    return call.context.pages.asset_response(call.parameters.name, call.request)
