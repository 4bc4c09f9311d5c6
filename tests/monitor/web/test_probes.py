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


async def test_what_was_said_in_another_life_does_not_hold(store: StoreFile) -> None:
    """A monitor that is started again reads the store before its ingest has written to it."""
    store.set_status(committed_at=1000.0)
    async with running(config_for(store.path, life=1001.0)) as app, client_of(app) as client:
        ready, summary = await client.get("/readyz"), (await client.get("/api/v1/summary")).json()
        metrics = await client.get("/metrics")
        store.set_status(committed_at=1002.0)
        after = (await client.get("/api/v1/summary")).json()

    assert (ready.status_code, ready.json()["ingest"]) == (503, {"state": "unknown", "committed_at": None})
    assert (summary["broker"]["kind"], summary["broker"]["state"]) == ("redis", "connecting")
    assert summary["events"]["lag"] is None
    assert "flower_monitor_broker_connected 0.0" in metrics.text
    assert after["broker"]["state"] == "connected"


async def test_not_ready_without_a_store_but_alive(tmp_path: Path) -> None:
    async with running(config_for(tmp_path / "none.sqlite3")) as app, client_of(app, None) as stranger:
        ready, alive = await stranger.get("/readyz"), await stranger.get("/livez")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert "cannot be read yet" in ready.json()["store"]["state"]
