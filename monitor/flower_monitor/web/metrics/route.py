"""The route of the metrics."""

from itertools import chain

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.context import Ctx
from flower_monitor.web.metrics.exposition import CONTENT_TYPE, render
from flower_monitor.web.metrics.flower import flower_families
from flower_monitor.web.metrics.own import own_families
from flower_monitor.web.metrics.snapshot import read_snapshot


def install(routes: APIRouter) -> None:
    """Add the route of the metrics."""
    routes.get("/metrics", tags=["metrics"], response_class=PlainTextResponse)(metrics)


async def metrics(context: Ctx) -> Response:
    """Metrics in Prometheus's text format: Flower's families, and the monitor's own as `flower_monitor_*`."""
    streams = context.feed.listeners
    text = await context.background.read(lambda reader: exposition(reader, streams))
    return Response(text, media_type=CONTENT_TYPE)


def exposition(reader: Reader, streams: int) -> bytes:
    """The whole answer. Runs in a thread."""
    snapshot = read_snapshot(reader)
    return render(chain(flower_families(snapshot), own_families(snapshot, streams)))
