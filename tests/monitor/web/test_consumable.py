"""A queue that would end the worker that is told to consume from it, on a real RabbitMQ."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from flower_monitor.web.consumable import declares_plainly
from tests.monitor.web.live import monitored, wait_for_workers
from tests.monitor.web.stores import StoreFile
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.processes import Program
from tests.support.rabbitmq import RabbitServer, VirtualHost, virtual_host

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("consumable")]


@pytest.fixture(scope="module")
def broker(rabbitmq_server: RabbitServer) -> Iterator[VirtualHost]:
    with virtual_host(rabbitmq_server) as made:
        yield made


@pytest.fixture(scope="module")
def w1(broker: VirtualHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with worker(broker.url, tmp_path_factory.mktemp("w1")) as program:
        yield program


@pytest.fixture
async def client(
    store: StoreFile, broker: VirtualHost, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    wait_for_workers(monkeypatch, PATIENCE)
    # One that does not answer in time is told unseen, and ends.
    async with monitored(store, broker.url, "w1@test", inspect_timeout=PATIENCE) as (_, opened):
        yield opened


async def add(client: httpx.AsyncClient, queue: str) -> httpx.Response:
    return await client.post("/api/worker/queue/add-consumer/w1@test", json={"queue": queue})


@pytest.mark.parametrize(
    ("kind", "attributes", "reason"),
    [
        ("queues", {"durable": True, "arguments": {"x-queue-type": "quorum"}}, "inequivalent arg 'x-queue-type'"),
        ("queues", {"durable": True, "arguments": {"x-max-length": 5}}, "inequivalent arg 'x-max-length'"),
        ("exchanges", {"type": "topic", "durable": True}, "inequivalent arg 'type'"),
    ],
)
async def test_what_is_there_in_another_way_is_refused_and_the_worker_lives(
    client: httpx.AsyncClient, broker: VirtualHost, w1: Program, kind: str, attributes: dict[str, Any], reason: str
) -> None:
    """With Flower the worker ends, and the answer is 200."""
    name = f"theirs-{reason[-6:-1]}"
    broker.server.call("PUT", f"{kind}/{broker.name}/{name}", attributes)

    answer = await add(client, name)

    assert answer.status_code == 403
    assert answer.text.startswith(f"Failed to add '{name}' consumer to 'w1@test' worker: ")
    assert reason in answer.text
    assert w1.alive()


async def test_a_name_of_rabbitmqs_own_is_refused(client: httpx.AsyncClient, w1: Program) -> None:
    answer = await add(client, "amq.mine")

    assert (answer.status_code, "are RabbitMQ's own" in answer.text) == (403, True)


async def test_a_queue_that_is_there_as_celery_makes_it_is_consumed_from(
    client: httpx.AsyncClient, broker: VirtualHost, w1: Program
) -> None:
    broker.server.call("PUT", f"queues/{broker.name}/plain", {"durable": True})

    assert (await add(client, "plain")).json()["message"] == "add consumer plain"


async def test_a_queue_that_is_not_there_is_the_workers_to_make(client: httpx.AsyncClient, w1: Program) -> None:
    assert (await add(client, "new")).json()["acknowledged"] is True


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ({}, False),
        ({"conf": {}}, True),
        ({"conf": {"task_queues": ["<Queue q>"]}}, False),
        ({"conf": {"task_queue_max_priority": 10}}, False),
        ({"conf": {"task_create_missing_queue_type": "quorum"}}, False),
        ({"conf": {"task_default_queue": "q"}}, False),
        ({"conf": {}, "active_queues": [{"name": "q"}]}, False),
        ({"conf": {}, "active_queues": [{"name": "other"}]}, True),
    ],
)
def test_how_a_worker_declares_a_queue_is_known_where_it_has_no_settings_for_it(
    said: dict[str, Any], plainly: bool
) -> None:
    assert declares_plainly(said, "q") is plainly
