"""A monitor's page and API in somebody else's ASGI server."""

from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor import Config, UsageError, User, create_app
from flower_monitor.exceptions import StoreUnusable
from tests.monitor.library.test_monitor import ours
from tests.monitor.web.stores import StoreFile, task
from tests.support.events import sender
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

LOGIN = ("admin", "secret-word")


def config(broker: str, folder: Path, **fields: Any) -> Config:
    return Config(broker_url=broker, store=folder / "flower.sqlite3", users=(User(*LOGIN),), **fields)


def client_of(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://monitor", auth=LOGIN)


async def test_it_receives_events_for_as_long_as_the_server_runs(redis: RedisServer, tmp_path: Path) -> None:
    app = create_app(config(redis.url, tmp_path))
    async with app.router.lifespan_context(app), client_of(app) as client:
        await found(client, "/api/v1/summary", lambda body: body["broker"]["state"] == "connected")
        below = ours()
        with sender(redis.url) as worker:
            sent = worker.task(name="shop.place")
        tasks = await found(client, "/api/tasks", lambda body: sent in body)

    assert tasks[sent]["name"] == "shop.place"
    assert [command for command in below.values() if "flower_monitor.child ingest" in command]
    assert not any(process.is_running() for process in below)
    assert "secret-word" not in " ".join(below.values())


async def found(client: httpx.AsyncClient, path: str, fits: Any) -> Any:
    """What a route answers, once it is what is wanted."""
    with anyio.fail_after(PATIENCE):
        while True:
            answer = await client.get(path)
            if answer.is_success and fits(answer.json()):
                return answer.json()
            await anyio.sleep(0.05)


async def test_it_can_show_what_another_monitor_stores(tmp_path: Path) -> None:
    file = StoreFile(tmp_path / "flower.sqlite3")
    file.add(task("a"))
    app = create_app(config("redis://127.0.0.1:1/0", tmp_path, enable_events=False), ingest=False)
    async with app.router.lifespan_context(app), client_of(app) as client:
        shown = (await client.get("/api/tasks")).json()
        below = ours()
    file.close()

    assert list(shown) == ["a"]
    assert not below


async def test_one_that_nobody_could_log_in_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="users: nobody could log in"):
        create_app(Config(broker_url="redis://127.0.0.1:1/0", store=tmp_path / "flower.sqlite3"))


async def test_a_store_that_can_not_be_is_told_at_the_start(tmp_path: Path) -> None:
    app = create_app(config("redis://127.0.0.1:1/0", tmp_path / "missing"))

    with pytest.raises(StoreUnusable, match="does not exist"):
        async with app.router.lifespan_context(app):
            pass
