"""The store may be missing, replaced or broken: the web process lives through it and heals by itself."""

import asyncio
import os
import threading
from pathlib import Path

import httpx
import pytest

from flower_monitor.store.reader import Reader
from flower_monitor.web.store import RETRY_AFTER, StoreAccess
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile, task
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

PATHS = (
    "/api/v1/tasks",
    "/api/v1/summary",
    "/api/v1/stream",
    "/api/tasks",
    "/api/task/types",
    "/api/workers",
    "/metrics",
)


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_store_every_route_says_when_to_ask_again(tmp_path: Path, path: str) -> None:
    async with running(config_for(tmp_path / "none.sqlite3")) as app, client_of(app) as client:
        response = await client.get(path)

    assert response.status_code == 503
    assert response.headers["retry-after"] == str(RETRY_AFTER)
    assert str(tmp_path) not in response.text


async def test_a_store_is_never_made_by_a_reader(tmp_path: Path) -> None:
    async with running(config_for(tmp_path / "none.sqlite3")) as app, client_of(app) as client:
        await client.get("/api/v1/tasks")

    assert os.listdir(tmp_path) == []


async def test_a_file_that_is_no_database_is_a_503(tmp_path: Path) -> None:
    path = tmp_path / "flower.sqlite3"
    path.write_bytes(b"not a database, but long enough to look like one" * 100)

    async with running(config_for(path)) as app, client_of(app) as client:
        response = await client.get("/api/v1/tasks")

    assert response.status_code == 503
    assert response.json()["type"] == "urn:flower-monitor:problem:store"


async def test_a_store_that_appears_late_is_read(tmp_path: Path) -> None:
    path = tmp_path / "flower.sqlite3"
    async with running(config_for(path)) as app, client_of(app) as client:
        assert (await client.get("/api/v1/tasks")).status_code == 503
        store = StoreFile(path)
        store.add(task("late"))
        response = await client.get("/api/v1/tasks")
        store.close()

    assert [item["uuid"] for item in response.json()["items"]] == ["late"]


async def test_a_store_that_was_replaced_is_read_anew(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("old"))
    assert len((await client.get("/api/v1/tasks")).json()["items"]) == 1

    store.close()
    for name in ("flower.sqlite3", "flower.sqlite3-wal", "flower.sqlite3-shm"):
        path = store.path.with_name(name)
        if path.exists():
            path.rename(path.with_name(f"aside-{name}"))
    replacement = StoreFile(store.path)
    replacement.add(task("new"))
    response = await client.get("/api/v1/tasks")
    replacement.close()

    assert [item["uuid"] for item in response.json()["items"]] == ["new"]


async def test_a_slow_question_keeps_nobody_else_waiting(store: StoreFile) -> None:
    access = StoreAccess(store.path, 2, "test")
    release, started = threading.Event(), threading.Event()

    def slow(reader: Reader) -> int:
        started.set()
        assert release.wait(PATIENCE)
        return reader.batch()

    waiting = asyncio.create_task(access.read(slow))
    await asyncio.to_thread(started.wait, PATIENCE)
    quick = await access.read(Reader.batch)
    assert (quick, waiting.done()) == (0, False)

    release.set()
    await waiting
    access.close()
