"""A broker with a worker and a result backend, and a monitor's app for it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support.celery import worker
from tests.support.patience import PATIENCE

NAME = "tests.support.celery_app."
"""What the names of the worker's tasks begin with."""

QUEUE = "tests"
"""Its queue."""


@dataclass(frozen=True)
class Site:
    """Where everything is."""

    broker: str
    backend: str


@contextmanager
def site(broker: str, backend: str, folder: Path) -> Iterator[Site]:
    """A worker that runs several tasks at a time, and answers questions meanwhile."""
    with worker(broker, folder, backend=backend, pool="threads"):
        yield Site(broker, backend)


def seen(store: StoreFile) -> None:
    """Have events tell of the worker's tasks, so that nobody has to ask it for their names."""
    for task in ("add", "fail", "hold", "report", "abortable"):
        store.count_events("w1@test", "task-received", NAME + task, 1)


@asynccontextmanager
async def monitored(place: Site, store: Path, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app of a monitor there."""
    ours = {"broker_url": place.broker, "result_backend": place.backend, "inspect_timeout": PATIENCE}
    async with running(config_for(store, **ours | settings)) as app, client_of(app) as client:
        yield client


async def post(client: httpx.AsyncClient, kind: str, task: str, **body: Any) -> httpx.Response:
    """Send a task of the worker's to its queue, by one of Flower's routes."""
    return await client.post(f"/api/task/{kind}/{NAME}{task}", json={"queue": QUEUE, **body})


async def until_state(client: httpx.AsyncClient, uuid: str, state: str) -> dict[str, Any]:
    """Our answer of a task, once it is in a state."""
    async with asyncio.timeout(PATIENCE):
        while (found := (await client.get(f"/api/v1/tasks/{uuid}/result")).json()).get("state") != state:
            await asyncio.sleep(0.05)
    return dict(found)
