"""`/livez`, `/readyz`, `/healthcheck`."""

import time
from pathlib import Path

import httpx
import pytest

from flower_monitor.constants import STATUS_STALE
from flower_monitor.store.records import BrokerStatus
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio


async def test_livez_says_ok(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/livez")).text == "ok"


async def test_healthcheck_says_ok_as_flower_does(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/healthcheck")

    assert (response.status_code, response.text) == (200, "OK")
    assert response.headers["content-type"] == "text/html; charset=UTF-8"


async def test_ready_while_the_store_is_readable_and_ingest_lives(
    stranger: httpx.AsyncClient, store: StoreFile
) -> None:
    response = await stranger.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "ok"


async def test_ready_while_the_broker_is_down_and_says_so(stranger: httpx.AsyncClient, store: StoreFile) -> None:
    store.set_status(broker=BrokerStatus(state="disconnected", since=5.0, attempts=3, last_error="refused"))

    response = await stranger.get("/readyz")

    assert response.status_code == 200
    assert response.json()["broker"] == {
        "state": "disconnected", "since": 5.0, "attempts": 3, "last_error": "refused",
    }  # fmt: skip


async def test_not_ready_when_ingest_stopped_writing(stranger: httpx.AsyncClient, store: StoreFile) -> None:
    store.set_status(committed_at=time.time() - STATUS_STALE - 1)

    response = await stranger.get("/readyz")

    assert response.status_code == 503
    assert response.json()["ingest"]["state"] == "stale"


async def test_not_ready_without_a_store_but_alive(tmp_path: Path) -> None:
    async with running(config_for(tmp_path / "none.sqlite3")) as app, client_of(app, None) as stranger:
        ready, alive = await stranger.get("/readyz"), await stranger.get("/livez")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert "cannot be read yet" in ready.json()["store"]["state"]
