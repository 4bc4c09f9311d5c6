"""A monitor's app beside real workers: what the tests of control share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor import control
from flower_monitor.web import commands, draining, pools
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE


def wait_for_workers(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Wait so long for workers: a busy machine makes them slow, and one that is silent need not be waited for."""
    for module in (control, commands, draining, pools):
        monkeypatch.setattr(module, "PATIENCE", seconds)


@asynccontextmanager
async def monitored(
    store: StoreFile, url: str, *workers: str, **settings: Any
) -> AsyncIterator[tuple[Starlette, httpx.AsyncClient]]:
    """An app that knows the workers of the broker at a URL by their events, and a client of it."""
    for name in workers:
        store.worker(name)
    async with running(config_for(store.path, broker_url=url, **settings)) as app, client_of(app) as client:
        yield app, client


async def inspected(app: Starlette, name: str, command: str) -> Any:
    """What a worker says when it is asked."""
    replies = await app.state.context.control.ask({command: {}}, [name], None, PATIENCE)
    return replies[name][command]
