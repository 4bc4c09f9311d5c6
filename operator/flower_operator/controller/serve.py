"""Probes and metrics of every replica, leader or not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from flower_operator.exceptions import StartError


@asynccontextmanager
async def serve(
    address: str,
    port: int,
    registry: CollectorRegistry,
    alive: Callable[[], str | None],
    ready: Callable[[], str | None],
) -> AsyncIterator[int]:
    """Serve until the end of the block; gives the port. `alive` and `ready` say what is wrong, None: all is well."""

    async def livez(_: web.Request) -> web.Response:
        return _probe(alive())

    async def readyz(_: web.Request) -> web.Response:
        return _probe(ready())

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, address or None, port)
        try:
            await site.start()
        except OSError as error:
            raise StartError(f"port {port} can't be used: {error.strerror}. Choose another with --port.") from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _probe(trouble: str | None) -> web.Response:
    return web.Response(text="ok\n" if trouble is None else f"{trouble}\n", status=200 if trouble is None else 503)
