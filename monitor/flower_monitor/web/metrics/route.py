"""The route of the metrics."""

import time
from collections.abc import AsyncIterator, Iterable

from starlette.responses import Response, StreamingResponse

from flower_monitor.web.context import Context
from flower_monitor.web.metrics.accept import OPENMETRICS, wants_openmetrics
from flower_monitor.web.metrics.exposition import OPENMETRICS_TYPE, TEXT_TYPE, pieces
from flower_monitor.web.metrics.looks import Looks, lately
from flower_monitor.web.metrics.sets import Live
from flower_monitor.web.openapi import TEXT
from flower_monitor.web.routing import Answers, Call, Nothing, Route, Routes

_ANSWERS: Answers = {
    200: {**TEXT[200], "content": {**TEXT[200]["content"], OPENMETRICS: {"schema": {"type": "string"}}}}
}


def routes() -> Routes:
    """The route of the metrics."""
    return [Route("/metrics", metrics, Nothing, tag="metrics", answers=_ANSWERS)]


async def metrics(call: Call[Nothing]) -> Response:
    """The metrics of the sets that `--metrics` names, in Prometheus's text format; for who asks for it in `Accept`, in
    OpenMetrics with exemplars."""
    exposed = call.context.metrics
    if "exporter" in call.context.config.metrics:
        call.context.watch.want()
    live = Live(call.context.feed.listeners, _looks(call.context))
    openmetrics = wants_openmetrics(",".join(call.request.headers.getlist("accept")))
    parts = await call.context.background.read(lambda reader: exposed.render(reader, live, openmetrics=openmetrics))
    headers = {
        "Content-Length": str(sum(map(len, parts))),
        # The same address answers in two formats: who keeps answers must tell them apart.
        "Vary": "Accept",
    }
    return StreamingResponse(_sent(parts), headers=headers, media_type=OPENMETRICS_TYPE if openmetrics else TEXT_TYPE)


async def _sent(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The answer in pieces. From a generator that is not async Starlette would take each in a thread."""
    for piece in pieces(parts):
        yield piece


def _looks(context: Context) -> Looks:
    """What others have looked at; made here, since it changes in this thread."""
    return lately(context.queues.last(), context.inspection.known(), time.time())
