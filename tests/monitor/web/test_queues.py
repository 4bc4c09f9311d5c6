"""Queues over HTTP: Flower's lengths, ours, purging and peeking, with real brokers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_monitor.redact import Rule
from flower_monitor.web import queues as module
from flower_monitor.web.queues import DEFAULT_QUEUE
from tests.monitor.program import monitor
from tests.monitor.queues.sending import send
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile, task
from tests.support import ports
from tests.support.celery import send as celery_send
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

LENGTH = "/api/queues/length"


@asynccontextmanager
async def asking(store: StoreFile, broker: str, **fields: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a monitor of a broker."""
    config = config_for(store.path, broker_url=broker, **fields)
    async with running(config) as app, client_of(app) as client:
        yield client


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for workers where there are none."""
    monkeypatch.setattr(module, "WORKERS_PATIENCE", 0.01)


# -- Flower's route ------------------------------------------------------------------------------------------------


async def test_flowers_lengths_begin_with_name_and_messages(redis: RedisServer, store: StoreFile) -> None:
    """D15: the same shape whatever the broker is."""
    send(redis.url, "celery", 3)
    async with asking(store, redis.url) as client:
        body = (await client.get(LENGTH)).json()

    (queue,) = body["active_queues"]
    assert list(queue)[:2] == ["name", "messages"]
    assert (queue["name"], queue["messages"], queue["messages_ready"]) == ("celery", 3, 3)


async def test_queues_without_a_consumer_are_there(redis: RedisServer, store: StoreFile) -> None:
    """D15: Flower shows only those that workers consume."""
    store.add(task(name="tasks.add", state="PENDING", queue="orphaned", received=None))
    send(redis.url, "orphaned", 2)
    async with asking(store, redis.url, queues=("chosen",)) as client:
        body = (await client.get(LENGTH)).json()

    assert [(queue["name"], queue["messages"]) for queue in body["active_queues"]] == [("chosen", 0), ("orphaned", 2)]


async def test_messages_are_what_rabbitmqs_management_api_calls_so(rabbitmq: VirtualHost, store: StoreFile) -> None:
    send(rabbitmq.url, "celery", 2)
    api = f"http://127.0.0.1:{rabbitmq.server.http}/api"
    counted = {"messages": 2, "messages_ready": 2, "messages_unacknowledged": 0, "consumers": 0}
    async with asking(store, rabbitmq.url, broker_api=api) as client:
        await until_told(client, [{"name": "celery", **counted}])


@pytest.mark.parametrize("path", [LENGTH, "/api/v1/queues"])
async def test_an_api_whose_certificate_is_not_trusted_is_503_with_the_reason(
    rabbitmq: VirtualHost, store: StoreFile, path: str
) -> None:
    """D15: in Flower it looks like a broker without queues."""
    send(rabbitmq.url, "celery", 2)
    async with asking(store, rabbitmq.url, broker_api=f"https://127.0.0.1:{rabbitmq.server.https}/api") as client:
        answer = await client.get(path)

    assert answer.status_code == 503
    assert "certificate verify failed" in answer.text


async def until_told(client: httpx.AsyncClient, queues: list[dict[str, Any]]) -> None:
    """Wait for Flower's lengths of all queues: the management API counts every five seconds, each number for itself."""
    deadline = time.monotonic() + PATIENCE
    while (answer := await client.get(LENGTH)).is_error or answer.json()["active_queues"] != queues:
        assert time.monotonic() < deadline, f"the management API counts: {answer.text}"
        await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    ("scheme", "path"),
    [
        ("redis", LENGTH),
        ("redis", "/api/v1/queues"),
        ("redis", "/api/v1/queues/work"),
        ("redis", "/api/v1/queues/work/messages"),
        ("amqp", LENGTH),
    ],
)
async def test_a_broker_that_is_down_is_503_with_the_reason(store: StoreFile, scheme: str, path: str) -> None:
    """D15: Flower answers 500, or a list without queues."""
    async with asking(store, f"{scheme}://:hunter2@127.0.0.1:{ports.free()}/0") as client:
        answer = await client.get(path)

    assert answer.status_code == 503
    assert "refused" in answer.text
    assert "hunter2" not in answer.text


async def test_a_transport_that_does_not_count_is_503(store: StoreFile, tmp_path: Path) -> None:
    async with asking(store, "filesystem://", transport_options={"data_folder_in": str(tmp_path / "none")}) as client:
        answer = await client.get(LENGTH)

    assert (answer.status_code, "filesystem" in answer.text) == (503, True)


# -- ours ----------------------------------------------------------------------------------------------------------


async def test_a_queue_tells_what_is_known_and_why_the_rest_is_not(redis: RedisServer, store: StoreFile) -> None:
    (first, *_) = send(redis.url, "work", 3)
    sent = time.time() - 60
    store.add(task(first, state="PENDING", queue="work", received=None, sent=sent))
    async with asking(store, redis.url) as client:
        (row,) = (await client.get("/api/v1/queues")).json()["items"]

    assert (row["ready"], row["unacknowledged"], row["by_priority"]["0"]) == (3, 0, 3)
    assert 59 < row["oldest_age"] < time.time() - sent + 1
    assert row["growth"] is None
    assert set(row["unknown"]) == {field for field, value in row.items() if value is None}


async def test_the_list_says_how_and_when_it_was_made(redis: RedisServer, store: StoreFile) -> None:
    async with asking(store, redis.url) as client:
        body = (await client.get("/api/v1/queues")).json()

    assert (body["source"], body["truncated"]) == ("redis", False)
    assert [row["name"] for row in body["items"]] == [DEFAULT_QUEUE]
    assert body["age"] >= 0
    assert body["at"] <= time.time()


async def test_a_queue_that_nobody_has_seen_can_be_asked_for(redis: RedisServer, store: StoreFile) -> None:
    send(redis.url, "a/b", 2)
    async with asking(store, redis.url) as client:
        slash, empty = [(await client.get(f"/api/v1/queues/{name}")).json() for name in ("a%2Fb", "nobody")]

    assert [(row["name"], row["ready"]) for row in (slash, empty)] == [("a/b", 2), ("nobody", 0)]


async def test_a_queue_that_rabbitmq_has_not_is_404(rabbitmq: VirtualHost, store: StoreFile) -> None:
    async with asking(store, rabbitmq.url) as client:
        one, several = await client.get("/api/v1/queues/nobody"), await client.get("/api/v1/queues")

    assert (one.status_code, one.json()["field"]) == (404, "name")
    assert several.json()["items"] == []


@pytest.mark.parametrize("name", ["x" * 256, "ü" * 200])
async def test_a_name_that_is_too_long_is_400(client: httpx.AsyncClient, store: StoreFile, name: str) -> None:
    assert (await client.get(f"/api/v1/queues/{name}")).status_code == 400


async def test_a_real_worker_is_a_consumer_and_what_it_runs_is_unacknowledged(
    redis: RedisServer, store: StoreFile, tmp_path: Path
) -> None:
    store.worker("w1@test")
    gate = tmp_path / "gate"
    with worker(redis.url, tmp_path, pool="threads"):
        async with asking(store, redis.url, inspect_timeout=PATIENCE) as client:
            await client.get("/api/workers?refresh=1")
            send(redis.url, "tests", 2, task="tests.support.celery_app.hold_late", args=[str(gate)])
            await until_row(client, name="tests", ready=0, unacknowledged=2, consumers=1)
            gate.touch()
            await until_row(client, name="tests", ready=0, unacknowledged=0, consumers=1)


async def until_row(client: httpx.AsyncClient, **wanted: Any) -> None:
    """Wait for a queue that has what is wanted."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = (await client.get("/api/v1/queues")).json()["items"]
        if any(wanted.items() <= row.items() for row in found):
            return
        assert time.monotonic() < deadline, f"{wanted}: {found}"
        await asyncio.sleep(0.2)


# -- purging -------------------------------------------------------------------------------------------------------


async def test_a_purge_that_expects_too_little_says_how_many_wait(redis: RedisServer, store: StoreFile) -> None:
    send(redis.url, "work", 3)
    async with asking(store, redis.url) as client:
        answer = await client.post("/api/v1/queues/work/purge", json={"expect": 2})
        left = (await client.get("/api/v1/queues/work")).json()["ready"]

    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert (answer.json()["ready"], answer.json()["field"], left) == (3, "expect", 3)


async def test_a_purge_says_how_many_it_deleted_and_is_seen_at_once(redis: RedisServer, store: StoreFile) -> None:
    send(redis.url, "work", 3)
    async with asking(store, redis.url, queues=("work",)) as client:
        seen = (await client.get("/api/v1/queues/work")).json()["ready"]
        answer = await client.post("/api/v1/queues/work/purge", json={"expect": seen})
        left = (await client.get("/api/v1/queues/work")).json()["ready"]

    assert (answer.status_code, answer.json()) == (200, {"name": "work", "purged": 3})
    assert left == 0


@pytest.mark.parametrize("body", [{}, {"expect": -1}, {"expect": "many"}, {"expect": 1, "force": True}])
async def test_a_purge_that_does_not_say_what_it_expects_is_400(
    client: httpx.AsyncClient, store: StoreFile, body: dict[str, Any]
) -> None:
    assert (await client.post("/api/v1/queues/work/purge", json=body)).status_code == 400


async def test_a_purge_of_a_queue_that_is_not_there_is_404(rabbitmq: VirtualHost, store: StoreFile) -> None:
    async with asking(store, rabbitmq.url) as client:
        answer = await client.post("/api/v1/queues/nobody/purge", json={"expect": 0})

    assert (answer.status_code, "nobody" in answer.json()["detail"]) == (404, True)


# -- peeking -------------------------------------------------------------------------------------------------------


async def test_a_peek_shows_messages_with_the_rules_of_redaction_and_the_caps(
    redis: RedisServer, store: StoreFile
) -> None:
    send(redis.url, "work", argsrepr="(" + "7" * 100 + ")", kwargsrepr="{'password': 'hunter2'}")
    rules = (Rule(argument="password"),)
    async with asking(store, redis.url, redact=rules, max_args=10) as client:
        answer = await client.get("/api/v1/queues/work/messages?limit=5")

    (message,) = answer.json()["items"]
    assert "hunter2" not in answer.text
    assert message["kwargs"] == "{'password': [redacted]}"
    assert message["args"] == "(777777777… (92 characters cut)"
    assert (message["task"], message["sent"]) == ("tests.add", None)


async def test_a_peek_knows_when_messages_were_sent_of_which_events_told(redis: RedisServer, store: StoreFile) -> None:
    (first, _) = send(redis.url, "work", 2)
    store.add(task(first, state="PENDING", received=None, sent=1000.5))
    async with asking(store, redis.url) as client:
        items = (await client.get("/api/v1/queues/work/messages")).json()["items"]

    assert [message["sent"] for message in items] == [1000.5, None]


async def test_a_broker_that_can_not_show_messages_without_harm_refuses(store: StoreFile) -> None:
    async with asking(store, "amqp://127.0.0.1:1//") as client:
        answer = await client.get("/api/v1/queues/work/messages")

    assert answer.status_code == 409
    assert "redelivered" in answer.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "101", "all"])
async def test_a_limit_that_is_none_is_400(client: httpx.AsyncClient, store: StoreFile, limit: str) -> None:
    assert (await client.get(f"/api/v1/queues/work/messages?limit={limit}")).status_code == 400


# -- all of it -----------------------------------------------------------------------------------------------------


def test_a_queue_stays_when_its_worker_has_gone(redis: RedisServer, tmp_path: Path) -> None:
    """D15: with Flower it disappears with its last consumer, just when it fills."""
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        with worker(redis.url, tmp_path):
            done = celery_send(redis.url, "add", 1, 2)
            started.task(done, "SUCCESS")
        celery_send(redis.url, "add", 1, 2)

        def look() -> Any:
            body = started.get(LENGTH) or {"active_queues": []}
            return [queue for queue in body["active_queues"] if queue["messages"]]

        (queue,) = until(look, f"the message that waits: {started.log}")

    assert (queue["name"], queue["messages"]) == ("tests", 1)
