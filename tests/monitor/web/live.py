"""A monitor's app beside real workers: what the tests of control share."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor import control, result_backend, results, unacknowledged
from flower_monitor.publish import connecting, outcomes, publisher
from flower_monitor.queues import broker, management, rabbitmq
from flower_monitor.queues import redis as redis_queues
from flower_monitor.web import commands, draining, pools, revoking
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE

#: Where the product says how long it waits for workers.
WORKERS: tuple[tuple[ModuleType, str], ...] = (
    (control, "PATIENCE"), (commands, "PATIENCE"), (pools, "PATIENCE"), (draining, "PATIENCE"),
    (revoking, "BULK_PATIENCE"),
)  # fmt: skip

#: And for brokers and result backends: seconds that a busy machine may take to import a library alone.
SERVERS: tuple[tuple[ModuleType, str], ...] = (
    (control, "CONNECT_TIMEOUT"), (control, "SOCKET_TIMEOUT"), (control, "DEADLINE"),
    (broker, "DEADLINE"), (management, "TIMEOUT"), (management, "MOST_SECONDS"),
    (rabbitmq, "MOST_SECONDS"), (redis_queues, "MOST_SECONDS"), (unacknowledged, "MOST_SECONDS"),
    (connecting, "CONNECT_TIMEOUT"), (publisher, "DEADLINE"), (outcomes, "DEADLINE"),
    (result_backend, "TIMEOUT"), (results, "DEADLINE"), (results, "BUDGET"),
)  # fmt: skip


def wait_for_workers(monkeypatch: pytest.MonkeyPatch, seconds: float = PATIENCE) -> None:
    """Wait so long for workers: a busy machine makes them slow, and one that is silent need not be waited for."""
    for module, name in WORKERS:
        monkeypatch.setattr(module, name, seconds)


def wait_for_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up on no broker and no result backend that is only slow."""
    for module, name in SERVERS:
        monkeypatch.setattr(module, name, PATIENCE)


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


async def until_said(app: Starlette, name: str, command: str, wanted: Callable[[Any], bool]) -> None:
    """Ask a worker until it says what is wanted: to some commands it agrees before it has carried them out."""
    deadline = time.monotonic() + PATIENCE
    while not wanted(said := await inspected(app, name, command)):
        assert time.monotonic() < deadline, f"{name} says of {command}: {said}"
        await asyncio.sleep(0.05)


async def until_running(app: Starlette, name: str, *uuids: str) -> None:
    """Until a worker runs some tasks. That it received them is in its log before its pool has them."""
    await until_said(app, name, "active", lambda said: {*uuids} <= {task["id"] for task in said})
