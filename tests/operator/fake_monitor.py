"""Answers like a monitor's `GET /api/v1/summary` and `/api/v1/workers`, for any number of monitors."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

NOW = 1_800_000_000.0
"""Its clock, which stands still."""


class FakeMonitor:
    """What it says may be changed while it serves."""

    def __init__(self) -> None:
        self.summary: dict[str, Any] = {
            "monitor": {"name": "orders", "version": "9.9.9", "now": NOW},
            "broker": {"kind": "redis", "url": "redis://redis:6379/0", "state": "connected", "last_error": None},
            "workers": {"online": 2, "offline": 0, "lost": 0},
        }
        self.workers: list[dict[str, Any]] = []
        """Items of `GET /api/v1/workers`."""
        self.status = 200
        self.tokens: set[str] = set()
        """SHA-256 of each token that it was asked with."""
        self.asked = asyncio.Event()
        self.address = ""

    @asynccontextmanager
    async def serve(self) -> "AsyncIterator[FakeMonitor]":
        """Serve on a free port of loopback."""
        app = web.Application()
        at = "/{namespace}/{service}/api/v1"
        app.add_routes([web.get(f"{at}/summary", self._answer), web.get(f"{at}/workers", self._list)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.address = f"http://127.0.0.1:{runner.addresses[0][1]}/{{namespace}}/{{service}}"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.tokens.add(hashlib.sha256(token.encode()).hexdigest())
        self.asked.set()
        return web.json_response(self.summary, status=self.status)

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response({"items": self.workers}, status=self.status)

    def works(self, pod: str, active: int) -> None:
        """Say that a worker of a pod runs so many tasks."""
        name = f"celery@{pod}"
        row = {"hostname": name, "state": "online", "active": active, "last_heartbeat": NOW - 1.0, "shared": False}
        self.workers = [*(one for one in self.workers if one["hostname"] != name), row]
