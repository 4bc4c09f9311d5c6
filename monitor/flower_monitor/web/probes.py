"""`/livez`, `/readyz` and `/healthcheck`: for those who restart us or send us requests. None asks the broker."""

import time
from http import HTTPStatus

from starlette.responses import PlainTextResponse, Response

from flower_monitor.constants import STATUS_STALE
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import BrokerStatus, IngestStatus, Summary
from flower_monitor.web.openapi import TEXT, answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import BrokerReadiness, IngestReadiness, Readiness, StoreReadiness


def routes() -> Routes:
    """The routes of the probes."""
    states = answers(Readiness, store=False, login=False) | {503: _NOT_READY}
    return [
        Route("/livez", livez, Nothing, tag="probes", answers=TEXT),
        Route("/readyz", readyz, Nothing, tag="probes", answers=states),
        Route("/healthcheck", healthcheck, Nothing, tag="probes", answers=_FLOWERS),
    ]


_FLOWERS = {200: {"description": "OK", "content": {"text/html": {"schema": {"type": "string"}}}}}

_NOT_READY = {
    "description": "Not ready: no readable store, or ingest is not alive",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}},
}


async def livez(_: Call[Nothing]) -> Response:
    """Whether this process answers at all."""
    return PlainTextResponse("ok")


async def healthcheck(_: Call[Nothing]) -> Response:
    """Flower's own probe: the process answers."""
    return Response("OK", media_type="text/html; charset=UTF-8")


async def readyz(call: Call[Nothing]) -> Response:
    """Whether what this monitor shows can be relied on: its store can be read and ingest is alive.

    A broker that is down is part of what it shows, so it stays ready.
    """
    try:
        summary = await call.context.background.read(Reader.summary)
    except Problem as problem:
        state = _not_readable(problem)
    else:
        state = readiness(summary, time.time())
    status = HTTPStatus.OK if state.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return json_response(state, status=status)


def readiness(summary: Summary, now: float) -> Readiness:
    """The answer of `/readyz` at a time (epoch seconds)."""
    ingest = _ingest(summary.ingest, now)
    return Readiness(
        status="ok" if ingest.state == "ok" else "unavailable",
        broker=_broker(summary.broker),
        store=StoreReadiness(summary.store.state, summary.store.bytes),
        ingest=ingest,
    )


def _ingest(status: IngestStatus, now: float) -> IngestReadiness:
    if status.committed_at is None:
        return IngestReadiness("unknown", None)
    alive = now - status.committed_at <= STATUS_STALE
    return IngestReadiness("ok" if alive else "stale", status.committed_at)


def _broker(status: BrokerStatus) -> BrokerReadiness:
    return BrokerReadiness(status.state, status.since, status.attempts, status.last_error)


def _not_readable(problem: Problem) -> Readiness:
    return Readiness("unavailable", None, StoreReadiness(problem.detail, None), IngestReadiness("unknown", None))
