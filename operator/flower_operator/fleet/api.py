"""The routes under `/api/v1`, the probes and `/metrics`."""

import time
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from prometheus_client.exposition import choose_encoder
from pydantic import StringConstraints

from flower_operator.fleet.clusters import Clusters
from flower_operator.fleet.metrics import RegistryOf
from flower_operator.fleet.search import MAX_SECONDS
from flower_operator.fleet.sight import who
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.view import MonitorList, view_of
from flower_operator.spec import Key

Other = Annotated[str | None, Query(max_length=63, description="Which other cluster; default: the fleet's own")]

_TRIMMED = StringConstraints(strip_whitespace=True)
"""Before its length counts: a text of blanks alone would be looked for as nothing, which is everywhere."""


def monitors_router(clusters: Clusters, feed: Feed) -> APIRouter:
    """What there is to know of monitors, as far as the one who asks may see them."""
    router = APIRouter(prefix="/api/v1", tags=["monitors"])

    @router.get("/monitors", summary="All monitors, by cluster, namespace and name", responses=json_of("MonitorList"))
    async def monitors(request: Request) -> Response:
        entries, now = await clusters.entries(who(request)), time.time()
        return _json(MonitorList([view_of(entry, now) for entry in entries], clusters.view(), clusters.views()))

    @router.get("/monitors/{namespace}/{name}", summary="One monitor", responses=json_of("MonitorView", missing=True))
    async def monitor(
        request: Request,
        namespace: Annotated[str, Path(max_length=63)],
        name: Annotated[str, Path(max_length=253)],
        cluster: Other = None,
    ) -> Response:
        entry, _ = await clusters.get(cluster).sight.entry(who(request), Key(namespace, name))
        return _json(view_of(entry, time.time()))

    @router.get(
        "/stream",
        summary="Changes as server-sent events",
        responses=STREAM,
        response_class=StreamingResponse,  # or the document would have JSON beside it
    )
    async def stream(request: Request, topics: Annotated[Literal["monitors"], Query()] = "monitors") -> Response:
        person = who(request)
        await clusters.entries(person)  # 403 and 503 before the stream begins
        events = feed.events(lambda: clusters.seen(person))
        # Proxies such as nginx would hold the events back to fill a buffer.
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return router


def search_router(clusters: Clusters) -> APIRouter:
    """One question to all monitors."""
    router = APIRouter(prefix="/api/v1", tags=["monitors"])

    @router.get("/search", summary="A task id, task name or worker, at all monitors", responses=json_of("SearchResult"))
    async def search(
        request: Request,
        q: Annotated[
            str, _TRIMMED, Query(min_length=2, max_length=200, description="Part of an id, a name, a worker's name")
        ],
        seconds: Annotated[float, Query(ge=0.1, le=MAX_SECONDS, description="When to stop waiting for monitors")] = 3.0,
    ) -> Response:
        return _json(await clusters.search(who(request), q, seconds))

    return router


def health_router(clusters: Clusters, registry: RegistryOf) -> APIRouter:
    """What the kubelet and Prometheus ask."""
    router = APIRouter(tags=["operations"])

    @router.get("/livez", summary="Whether the program turns", response_class=PlainTextResponse)
    async def livez() -> str:
        return "ok"

    @router.get("/readyz", summary="Whether the fleet has seen all FlowerMonitors once", responses=READY)
    async def readyz() -> Response:
        ready = clusters.own.watch.listed_at is not None
        # No more than this: the probes need no login.
        return JSONResponse({"status": "ok" if ready else "waiting for the first list"}, 200 if ready else 503)

    @router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        entries = await clusters.entries(who(request))
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry(entries)), headers={"Content-Type": media_type})

    return router


def json_of(schema: str, *, missing: bool = False) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses of a route that answers with a type of `view.py`."""
    responses: dict[int | str, dict[str, Any]] = {
        200: {
            "description": "OK",
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        }
    }
    if missing:
        responses[404] = {"description": "There is no such monitor", "content": _PROBLEM}
    return responses


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`event: monitors` with a MonitorsDelta as data; the first one after connecting is full.",
        "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/MonitorsDelta"}}},
    }
}
READY: dict[int | str, dict[str, Any]] = {503: {"description": "Not yet; the log says why"}}


def _json(value: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
