"""The routes into monitors: of the fleet's own cluster, and of others."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from flower_operator.fleet.proxy import Proxy

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

ProxyOf = Callable[[str | None], Proxy]
"""The proxy of a cluster; HTTPException for one that is not known."""


def proxy_router(proxy_of: ProxyOf) -> APIRouter:
    """The routes into monitors."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/n/{namespace}/{name}/{path:path}", methods=METHODS)
    async def into(request: Request) -> Response:
        return await proxy_of(None).answer(request, request.scope["raw_path"])

    @router.api_route("/c/{cluster}/n/{namespace}/{name}/{path:path}", methods=METHODS)
    async def far_into(request: Request) -> Response:
        _, _, cluster, rest = request.scope["raw_path"].split(b"/", 3)
        return await proxy_of(cluster.decode("latin-1")).answer(request, b"/" + rest)

    @router.get("/n/{namespace}/{name}")
    @router.get("/c/{cluster}/n/{namespace}/{name}")
    async def at_its_edge(request: Request) -> Response:
        # Relative, so that it holds whatever is before the fleet; with the dot no name can be taken for a scheme.
        name = request.scope["raw_path"].rpartition(b"/")[2].decode("latin-1")
        return Response(status_code=308, headers={"Location": f"./{name}/"})

    return router
