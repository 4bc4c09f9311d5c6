"""The route of the metrics."""

from itertools import chain

from starlette.responses import Response

from flower_monitor.store.reader import Reader
from flower_monitor.web.metrics.exposition import CONTENT_TYPE, render
from flower_monitor.web.metrics.flower import FlowerFamilies
from flower_monitor.web.metrics.own import own_families
from flower_monitor.web.metrics.snapshot import read_snapshot
from flower_monitor.web.openapi import TEXT
from flower_monitor.web.routing import Call, Nothing, Route, Routes


def routes() -> Routes:
    """The route of the metrics."""
    return [Route("/metrics", metrics, Nothing, tag="metrics", answers=TEXT)]


async def metrics(call: Call[Nothing]) -> Response:
    """Metrics in Prometheus's text format: Flower's families, and the monitor's own as `flower_monitor_*`."""
    streams, flower = call.context.feed.listeners, call.context.flower_families
    text = await call.context.background.read(lambda reader: exposition(reader, flower, streams))
    return Response(text, media_type=CONTENT_TYPE)


def exposition(reader: Reader, flower: FlowerFamilies, streams: int) -> bytes:
    """The whole answer. Runs in the background's one thread."""
    snapshot = read_snapshot(reader)
    return render(chain(flower.families(snapshot), own_families(snapshot, streams)))
