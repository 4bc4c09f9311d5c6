"""A running app for tests: the real one with its lifespan, asked over httpx."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from flower_monitor.config import Config, User
from flower_monitor.web.app import create_app

ADMIN = httpx.BasicAuth("admin", "pässword")


def config_for(store: Path, **fields: Any) -> Config:
    """The settings of a monitor with one user and no broker."""
    values: dict[str, Any] = {
        "broker_url": "redis://127.0.0.1:1/0",
        "users": (User("admin", "pässword"),),
        "enable_events": False,
    }
    return Config(store=store, **(values | fields))


@asynccontextmanager
async def running(config: Config, **options: Any) -> AsyncIterator[Starlette]:
    """The app of a config, started."""
    app = create_app(config, **options)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: Starlette, auth: httpx.Auth | None = ADMIN) -> httpx.AsyncClient:
    """A client that asks an app directly, logged in unless told otherwise."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://monitor", auth=auth)
