"""The numbers that are scaled by, over HTTP, and what KEDA makes of them."""

import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from flower_monitor.store.records import BrokerStatus
from flower_monitor.web import queues as module
from tests.monitor.queues.sending import send
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile, task
from tests.support import keda, ports
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

QUEUES = "/api/v1/autoscale/queues"
METRICS = "/api/v1/autoscale/metrics"
POLICY = {"name": "orders", "match": {"queue": "work"}, "max": 10, "target": 0.5}


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for workers where there are none."""
    monkeypatch.setattr(module, "WORKERS_PATIENCE", 0.01)


@asynccontextmanager
async def scaling(store: StoreFile, broker: str, **fields: Any) -> AsyncIterator[tuple[Starlette, httpx.AsyncClient]]:
    """A monitor of a broker whose queue `work` one worker consumes, with four processes."""
    config = config_for(store.path, broker_url=broker, **fields)
    async with running(config) as app, client_of(app) as client:
        yield app, client


def answered(app: Starlette, name: str = "w1@host", queue: str = "work", size: int = 4) -> None:
    """A worker has said what it consumes and how large its pool is."""
    stats = {"pool": {"implementation": "celery.concurrency.prefork:TaskPool", "processes": list(range(size))}}
    queues = [{"name": queue, "exchange": {"name": queue}, "routing_key": queue}]
    app.state.context.inspection._keep(name, {"stats": stats, "active_queues": queues})


# -- queues --------------------------------------------------------------------------------------------------------


async def test_a_queue_tells_its_work_and_what_there_is_to_do_it(redis: RedisServer, store: StoreFile) -> None:
    send(redis.url, "work", 5)
    store.worker("w1@host", active=3)
    async with scaling(store, redis.url) as (app, client):
        answered(app)
        answer = await client.get(f"{QUEUES}/work")

    body = answer.json()
    assert (body["apiVersion"], body["ready"], body["active"], body["work"]) == ("autoscale/v1", 5, 3, 8)
    assert (body["workers"], body["capacity"], body["load"]) == (1, 4, 2.0)
    assert keda.json_value(answer, "load") == 2.0


async def test_tasks_that_workers_have_count_when_nothing_waits(redis: RedisServer, store: StoreFile) -> None:
    """With `ready` alone KEDA would end the worker under its tasks."""
    store.worker("w1@host", active=1)
    store.add(
        task(state="STARTED", queue="work"),
        task(state="RECEIVED", queue="work", eta=None),
        task(state="RECEIVED", queue="work", eta="2099-01-01T00:00:00+00:00"),
        task(state="RECEIVED", queue="work", eta="2020-01-01T00:00:00.123456+00:00"),
        task(state="STARTED", queue="work", worker="dead@host"),
    )
    async with scaling(store, redis.url) as (app, client):
        answered(app)
        answer = await client.get(f"{QUEUES}/work")

    body = answer.json()
    assert (body["ready"], body["active"], body["scheduled"], body["work"]) == (0, 1, 1, 3)
    assert keda.active(keda.json_value(answer, "work"))


async def test_a_name_with_a_slash_is_one(redis: RedisServer, store: StoreFile) -> None:
    send(redis.url, "a/b", 1)
    async with scaling(store, redis.url) as (_, client):
        answer = await client.get(f"{QUEUES}/a%2Fb")

    assert (answer.json()["queue"], answer.json()["ready"]) == ("a/b", 1)


async def test_a_queue_that_nobody_knows_is_404_and_never_0(redis: RedisServer, store: StoreFile) -> None:
    async with scaling(store, redis.url, queues=("idle",)) as (_, client):
        typo, idle = [await client.get(f"{QUEUES}/{name}") for name in ("wrok", "idle")]

    assert (typo.status_code, typo.json()["field"], idle.json()["ready"]) == (404, "queue", 0)
    with pytest.raises(keda.Withheld):
        keda.json_value(typo, "load")


async def test_a_queue_that_rabbitmq_has_not_is_404(rabbitmq: VirtualHost, store: StoreFile) -> None:
    async with scaling(store, rabbitmq.url) as (_, client):
        assert (await client.get(f"{QUEUES}/nobody")).status_code == 404


async def test_rabbitmqs_unacknowledged_messages_are_null_and_no_0(rabbitmq: VirtualHost, store: StoreFile) -> None:
    send(rabbitmq.url, "work", 2)
    async with scaling(store, rabbitmq.url) as (_, client):
        answer = await client.get(f"{QUEUES}/work")

    assert (answer.json()["ready"], answer.json()["unacked"]) == (2, None)
    assert "--broker-api" in answer.json()["unknown"]["unacked"]
    with pytest.raises(keda.Withheld):
        keda.json_value(answer, "unacked")


# -- what is not known ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"{QUEUES}/work", "/api/v1/autoscale/targets/orders", METRICS])
async def test_a_broker_that_does_not_answer_is_503(store: StoreFile, path: str) -> None:
    async with scaling(store, f"redis://:hunter2@127.0.0.1:{ports.free()}/0") as (_, client):
        await client.put("/api/v1/autoscale/policies/orders", json=without_name())
        answer = await client.get(path)

    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
    assert "hunter2" not in answer.text
    with pytest.raises(keda.Withheld):
        keda.json_value(answer, "load")


@pytest.mark.parametrize("path", [f"{QUEUES}/work", "/api/v1/autoscale/targets/orders", METRICS])
@pytest.mark.parametrize("what", ["ingest", "events"])
async def test_what_events_told_long_ago_is_503(redis: RedisServer, store: StoreFile, path: str, what: str) -> None:
    """The broker would tell 0 messages, while nobody knows what workers run."""
    if what == "ingest":
        store.set_status(committed_at=time.time() - 60)
    else:
        store.set_status(broker=BrokerStatus(kind="redis", state="disconnected"))
    async with scaling(store, redis.url, queues=("work",)) as (_, client):
        await client.put("/api/v1/autoscale/policies/orders", json=without_name())
        answer = await client.get(path)

    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


async def test_a_worker_that_has_not_said_its_size_leaves_the_load_unknown(
    redis: RedisServer, store: StoreFile
) -> None:
    send(redis.url, "work", 1)
    store.worker("w1@host")
    async with scaling(store, redis.url) as (_, client):
        answer = await client.get(f"{QUEUES}/work")

    assert (answer.json()["load"], answer.json()["ready"]) == (None, 1)
    with pytest.raises(keda.Withheld):
        keda.json_value(answer, "load")


# -- targets and metrics -------------------------------------------------------------------------------------------


def without_name() -> dict[str, Any]:
    return {key: value for key, value in POLICY.items() if key != "name"}


async def test_a_target_is_what_its_policy_asks_for_over_all_workers(redis: RedisServer, store: StoreFile) -> None:
    """Beyond its own bounds: with `targetValue` its `max`, pods come when pools are full."""
    send(redis.url, "work", 20)
    store.worker("w1@host")
    async with scaling(store, redis.url) as (app, client):
        answered(app)
        await client.put("/api/v1/autoscale/policies/orders", json=without_name())
        answer = await client.get("/api/v1/autoscale/targets/orders")

    assert keda.json_value(answer, "value") == 40
    assert set(answer.json()) == {"apiVersion", "target", "value", "observed_at", "age_seconds"}


async def test_a_target_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/autoscale/targets/nobody")).status_code == 404


async def test_prometheus_gets_the_same_numbers_and_none_for_what_is_not_known(
    redis: RedisServer, store: StoreFile
) -> None:
    send(redis.url, "work", 5)
    store.worker("w1@host", active=3)
    async with scaling(store, redis.url, name="orders", namespace="team-a") as (app, client):
        answered(app)
        await client.put("/api/v1/autoscale/policies/orders", json=without_name())
        body = (await client.get(f"{QUEUES}/work")).json()
        answer = await client.get(METRICS)

    labels = {"queue": "work", "monitor": "orders", "namespace": "team-a"}
    found = {
        sample.name.removeprefix("flower_monitor_autoscale_queue_"): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.labels == labels
    }
    fields = ("ready", "unacked", "active", "scheduled", "work", "workers", "capacity", "load")
    assert {field: found[field] for field in fields} == {field: body[field] for field in fields}
    assert body["oldest_age_seconds"] is None
    assert "oldest_age_seconds" not in found
    assert keda.prometheus_value(answer, "flower_monitor_autoscale_queue_load", queue="work") == 2.0
    assert keda.prometheus_value(answer, "flower_monitor_autoscale_target", policy="orders") == 16


# -- who may -------------------------------------------------------------------------------------------------------


async def test_a_token_of_the_scope_reads_these_numbers_and_nothing_else(
    redis: RedisServer, store: StoreFile, tmp_path: Path
) -> None:
    line = {
        "name": "keda",
        "sha256": hashlib.sha256(b"fmt_t").hexdigest(),
        "role": "viewer",
        "permissions": ["autoscale:read"],
    }
    tokens = tmp_path / "tokens"
    tokens.write_bytes(msgspec.json.encode(line))
    async with (
        scaling(store, redis.url, queues=("work",), token_file=tokens) as (app, _),
        client_of(app, None) as reader,
    ):
        reader.headers["Authorization"] = "Bearer fmt_t"
        paths = (f"{QUEUES}/work", METRICS, "/api/v1/tasks", "/api/v1/autoscale/policies", "/")
        found = [(await reader.get(path)).status_code for path in paths]
        written = await reader.put("/api/v1/autoscale/switch", json={"enabled": False})

    assert found == [200, 200, 403, 403, 403]
    assert written.status_code == 403


@pytest.mark.parametrize("path", [f"{QUEUES}/work", "/api/v1/autoscale/targets/x", METRICS])
async def test_a_stranger_reads_none_of_them(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 401


# -- KEDA's own rules, as far as our answers rest on them ----------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "location", "value"),
    [
        ('{"load": 0.75}', "load", 0.75),
        ('{"value": 12}', "value", 12.0),
        ('{"value": "750m"}', "value", 0.75),
        ('{"items": [{"load": 3}]}', "items.0.load", 3.0),
    ],
)
def test_keda_reads_numbers_and_quantities(body: str, location: str, value: float) -> None:
    assert keda.json_value(httpx.Response(200, text=body), location) == value


@pytest.mark.parametrize("body", ['{"load": null}', "{}", '{"load": true}', '{"load": {}}'])
def test_keda_takes_nothing_else_for_a_number(body: str) -> None:
    with pytest.raises(keda.Withheld):
        keda.json_value(httpx.Response(200, text=body), "load")
