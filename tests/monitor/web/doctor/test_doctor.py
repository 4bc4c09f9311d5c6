"""`/api/v1/doctor`, with a real broker and without one."""

import asyncio
import time
from typing import Any

import httpx
import pytest
import redis as redis_client

from flower_monitor.config import User
from flower_monitor.store.records import BrokerStatus, IngestStatus
from flower_monitor.web.doctor import asking
from flower_monitor.web.doctor.check import Check, Subject
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.live import monitored, wait_for_workers
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE
from tests.support.processes import Program
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _unhurried(_unhurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for other tests; and a check may take long."""
    monkeypatch.setattr(asking, "LIMIT", PATIENCE)


async def checks(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/v1/doctor", timeout=PATIENCE)
    assert answer.status_code == 200
    return {check["id"]: check for check in answer.json()["checks"]}


async def test_without_a_broker_what_asks_it_has_failed_and_what_does_not_is_well(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    store.set_status(broker=BrokerStatus(kind="redis", state="disconnected", attempts=4, last_error="refused"))

    found = await checks(client)

    assert {name: found[name]["status"] for name in ("broker", "commands", "workers", "store", "login", "results")} == {
        "broker": "failed",
        "commands": "failed",
        "workers": "failed",
        "store": "ok",
        "login": "ok",
        "results": "skipped",
    }


async def test_the_worst_comes_first_and_is_the_whole(client: httpx.AsyncClient) -> None:
    body = (await client.get("/api/v1/doctor", timeout=PATIENCE)).json()

    assert (body["status"], body["checks"][0]["status"], body["checks"][-1]["status"]) == (
        "failed",
        "failed",
        "skipped",
    )
    assert all(check["fix"] for check in body["checks"] if check["status"] in ("failed", "warning"))


async def test_what_is_wrong_says_since_when(client: httpx.AsyncClient) -> None:
    first = (await checks(client))["commands"]["since"]

    assert first == pytest.approx(time.time(), abs=3600)


@pytest.mark.usefixtures("w1")
async def test_a_worker_without_heartbeats_is_found_by_asking(
    store: StoreFile, broker: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(monkeypatch)
    async with monitored(store, broker.url, inspect_timeout=PATIENCE) as (_, client):
        found = await checks(client)

    assert (found["commands"]["status"], found["workers"]["status"]) == ("ok", "failed")
    assert "w1@test answered when asked" in found["workers"]["finding"]


async def test_a_broker_that_takes_no_command_though_it_lets_in_has_failed(
    store: StoreFile, redis: RedisServer
) -> None:
    redis_client.Redis(port=redis.port).config_set("maxmemory", 1)
    async with monitored(store, redis.url, "w1@test") as (_, client):
        found = (await checks(client))["commands"]

    assert (found["status"], "maxmemory" in found["finding"]) == ("failed", True)


async def test_workers_that_are_known_are_not_pinged(store: StoreFile, broker: RedisServer, w1: Program) -> None:
    store.set_status(ingest=IngestStatus(committed_at=time.time() + 3600, last_event=time.time() + 3600, lag=0.1))
    async with monitored(store, broker.url, "w1@test") as (app, client):
        ask, asked = app.state.context.control.ask, []

        async def noted(commands: Any, destination: object, *more: object, **others: object) -> object:
            if "ping" in commands:
                asked.append(destination)
            return await ask(commands, destination, *more, **others)

        app.state.context.control.ask = noted
        found = await checks(client)

    assert asked == [[asking.NOBODY]]
    assert [found[name]["status"] for name in ("workers", "worker-events", "events")] == ["ok", "ok", "ok"]


@pytest.mark.usefixtures("w1")
async def test_messages_that_no_worker_consumes_are_told(
    store: StoreFile, broker: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(monkeypatch)
    redis_client.Redis(port=broker.port).rpush("no-one", "{}")
    async with monitored(store, broker.url, "w1@test", inspect_timeout=PATIENCE, queues=("no-one",)) as (_, client):
        found = (await checks(client))["queues"]

    assert (found["status"], found["finding"]) == ("warning", "1 message waits in no-one, which no worker consumes.")
    assert "-Q no-one" in found["fix"]


async def test_a_result_backend_is_asked(store: StoreFile, broker: RedisServer) -> None:
    async with monitored(store, broker.url, "w1@test", result_backend=broker.url) as (_, client):
        assert (await checks(client))["results"]["status"] == "ok"


async def test_a_result_backend_that_is_away_is_told_without_its_password(
    store: StoreFile, broker: RedisServer
) -> None:
    url = "redis://:s3cret@127.0.0.1:1/0"
    async with monitored(store, broker.url, "w1@test", result_backend=url) as (_, client):
        answer = await client.get("/api/v1/doctor", timeout=PATIENCE)

    found = {check["id"]: check for check in answer.json()["checks"]}
    assert (found["results"]["status"], "s3cret" in answer.text) == ("failed", False)


async def test_no_password_is_told(store: StoreFile) -> None:
    config = config_for(store.path, broker_url="redis://ann:s3cret@127.0.0.1:1/0", users=(User("ann", "s3cret"),))
    async with running(config) as app, client_of(app, httpx.BasicAuth("ann", "s3cret")) as client:
        assert "s3cret" not in (await client.get("/api/v1/doctor", timeout=PATIENCE)).text


async def test_a_management_api_that_is_away_has_failed(store: StoreFile) -> None:
    config = config_for(store.path, broker_url="amqp://127.0.0.1:1//", broker_api="http://u:s3cret@127.0.0.1:1/api")
    async with running(config) as app, client_of(app) as client:
        found = (await checks(client))["management"]

    assert (found["status"], "s3cret" in found["finding"]) == ("failed", False)


async def test_a_store_that_cannot_be_read_hides_nothing_else(store: StoreFile) -> None:
    config = config_for(store.path.with_name("missing"))
    async with running(config) as app, client_of(app) as client:
        found = await checks(client)

    assert [found[name]["status"] for name in ("store", "commands", "login")] == ["failed", "failed", "ok"]


async def test_all_who_ask_at_once_share_one_look(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/api/v1/doctor", timeout=PATIENCE) for _ in range(5)))

    assert len({answer.json()["at"] for answer in answers}) == 1


async def test_a_check_that_hangs_ends_by_its_limit() -> None:
    async def hang() -> Check:
        await asyncio.Event().wait()
        raise AssertionError

    found = await asking.limited(Subject("a", "A"), "Mend it.", hang, 0.01)

    assert (found.status, found.fix) == ("failed", "Mend it.")


async def test_a_stranger_learns_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/api/v1/doctor")).status_code == 401
