"""The route of the metrics."""

from starlette.responses import Response

from flower_monitor.web.metrics.accept import OPENMETRICS, wants_openmetrics
from flower_monitor.web.metrics.exposition import OPENMETRICS_TYPE, TEXT_TYPE
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
    streams, exposed = call.context.feed.listeners, call.context.metrics
    openmetrics = wants_openmetrics(",".join(call.request.headers.getlist("accept")))
    text = await call.context.background.read(lambda reader: exposed.render(reader, streams, openmetrics=openmetrics))
    # The same address answers in two formats: who keeps answers must tell them apart.
    return Response(text, media_type=OPENMETRICS_TYPE if openmetrics else TEXT_TYPE, headers={"Vary": "Accept"})
