"""Sending by RabbitMQ, and results that come back as messages (`rpc://`), with real workers."""

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis as redis_client

from flower_monitor.publish import replies as module
from flower_monitor.publish.connecting import Connecting
from flower_monitor.publish.outcome import Outcome
from flower_monitor.publish.replies import Replies
from tests.monitor.web.apps import config_for
from tests.monitor.web.sites import QUEUE, Site, monitored, post, seen, site, until_state
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import RabbitServer, VirtualHost, virtual_host
from tests.support.redis import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("publishing rpc")]  # one worker for all


@pytest.fixture(scope="module")
def host(rabbitmq_server: RabbitServer) -> Iterator[VirtualHost]:
    with virtual_host(rabbitmq_server) as made:
        yield made


@pytest.fixture(scope="module")
def place(host: VirtualHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(host.url, "rpc://", tmp_path_factory.mktemp("rpc")) as found:
        yield found


@pytest.fixture
async def client(place: Site, store: StoreFile) -> AsyncIterator[httpx.AsyncClient]:
    seen(store)
    async with monitored(place, store.path) as opened:
        yield opened


async def test_apply_answers_with_the_result(client: httpx.AsyncClient) -> None:
    body = (await post(client, "apply", "add", args=[1, 2])).json()

    assert body == {"task-id": body["task-id"], "state": "SUCCESS", "result": 3}


async def test_a_task_that_fails_is_an_answer_too(client: httpx.AsyncClient) -> None:
    body = (await post(client, "apply", "fail")).json()

    assert (body["state"], body["result"]) == ("FAILURE", "ValueError('as it should')")
    assert body["traceback"].startswith("Traceback")


async def test_a_result_can_be_read_more_than_once(client: httpx.AsyncClient) -> None:
    uuid = (await post(client, "apply", "add", args=[3, 4])).json()["task-id"]

    reads = [(await client.get(f"/api/task/result/{uuid}")).json()["result"] for _ in range(2)]

    assert reads == [7, 7]


async def test_a_running_task_tells_how_far_it_is(client: httpx.AsyncClient, tmp_path: Path) -> None:
    path = str(tmp_path / "go")
    body = {"args": [path], "kwargs": {"current": 1, "total": 4}}
    uuid = (await post(client, "send-task", "report", **body)).json()["task-id"]
    found = await until_state(client, uuid, "PROGRESS")
    (tmp_path / "go").touch()
    ended = (await client.get(f"/api/task/result/{uuid}", params={"timeout": PATIENCE})).json()

    assert found["progress"]["percent"] == 25.0
    assert ended["result"] == "let go"


async def test_the_queue_of_replies_is_bounded_in_size_and_time(client: httpx.AsyncClient, host: VirtualHost) -> None:
    await post(client, "apply", "add", args=[1, 2])
    names = [queue for queue in host.queues() if queue.startswith("flower-monitor.results.")]

    bounds = {
        "x-expires": module.EXPIRES * 1000,
        "x-max-length": module.MOST_WAITING,
        "x-max-length-bytes": module.MOST_WAITING_BYTES,
    }
    assert names
    assert [host.queue(name)["arguments"] for name in names] == [bounds] * len(names)


async def test_a_task_can_not_be_told_to_abort_by_messages(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/task/abort/none")

    assert response.status_code == 503
    assert "rpc:// has nothing that a task could read" in response.text


async def test_results_that_came_while_the_monitor_was_away_are_there_again(
    place: Site, host: VirtualHost, store: StoreFile, tmp_path: Path
) -> None:
    async with monitored(place, store.path) as client:
        sent = await post(client, "send-task", "hold", args=[str(tmp_path / "go")])
    until(lambda: "replies" not in {thread.name for thread in threading.enumerate()}, "it receives no more")
    (tmp_path / "go").touch()
    name = replies_of(place.broker, store.path).queue_name
    until(lambda: host.queue(name).get("messages"), "the result waits")
    async with monitored(place, store.path) as client:
        read = await client.get(f"/api/task/result/{sent.json()['task-id']}", params={"timeout": PATIENCE})

    assert read.json()["result"] == "let go"


async def test_a_queue_of_another_kind_is_used_as_it_is(client: httpx.AsyncClient, host: VirtualHost) -> None:
    """Flower's declaration of it is refused, and the answer is 500."""
    host.make_queue("quorate", {"x-queue-type": "quorum"})

    response = await client.post("/api/task/send-task/tasks.any", json={"queue": "quorate"})

    assert response.status_code == 200
    taken = {"count": 5, "ackmode": "ack_requeue_false", "encoding": "auto"}
    assert len(host.server.call("POST", f"queues/{host.name}/quorate/get", taken)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "somebody"},
        {"headers": {"k": 10**30}},
        {"headers": {"k" * 300: 1}},
        {"app_id": 5},
        {"timestamp": "x"},
    ],
    ids=str,
)
async def test_what_rabbitmq_does_not_take_is_the_senders_mistake(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    response = await client.post("/api/task/send-task/tasks.any", json={"queue": "unread", **body})

    assert (response.status_code, response.text[:14]) == (400, "Invalid option")


async def test_a_message_that_a_full_queue_refuses_is_not_said_to_be_sent(
    client: httpx.AsyncClient, host: VirtualHost
) -> None:
    """RabbitMQ tells only a client that wants messages confirmed; Flower answers 200."""
    host.make_queue("full", {"x-max-length": 1, "x-overflow": "reject-publish"})

    answers = [await client.post("/api/task/send-task/tasks.any", json={"queue": "full"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 503]
    assert "refused the message" in answers[1].text


async def test_an_exchange_that_is_not_there_is_the_senders_mistake(client: httpx.AsyncClient) -> None:
    body = {"exchange": "nowhere", "exchange_type": "topic", "routing_key": "x"}

    response = await client.post("/api/task/send-task/tasks.any", json=body)

    assert response.status_code == 400
    assert "no exchange 'nowhere'" in response.text


async def test_replies_come_by_redis_too_and_their_queue_is_empty_then(
    redis: RedisServer, store: StoreFile, tmp_path: Path
) -> None:
    seen(store)
    with site(redis.url, "rpc://", tmp_path) as place:
        async with monitored(place, store.path) as client:
            body = (await post(client, "apply", "add", args=[1, 2])).json()
        with redis_client.Redis.from_url(redis.url) as broker:
            left = broker.keys("flower-monitor.*")

    assert body["result"] == 3
    assert left == []


async def test_replies_are_received_again_after_a_connection_was_lost(
    redis: RedisServer, store: StoreFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.1)
    seen(store)
    with site(redis.url, "rpc://", tmp_path) as place:
        async with monitored(place, store.path) as client:
            await post(client, "apply", "add", args=[1, 2])
            with redis_client.Redis.from_url(redis.url) as broker:
                broker.client_kill_filter(_type="normal", skipme=True)
            body = (await post(client, "apply", "add", args=[2, 2])).json()

    assert body["result"] == 4


def replies_of(url: str, store: Path = Path("unused")) -> Replies:
    return Replies(Connecting(config_for(store, broker_url=url)))


def test_of_many_results_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT_BYTES", 100)
    replies = replies_of("redis://127.0.0.1:1/0")
    for number in range(20):
        replies._keep(f"task-{number}", Outcome("SUCCESS", number), 10)

    assert list(replies._kept) == [f"task-{number}" for number in range(10, 20)]


def test_a_late_word_of_progress_does_not_undo_an_end() -> None:
    replies = replies_of("redis://127.0.0.1:1/0")
    replies._keep("task", Outcome("SUCCESS", 1), 10)
    replies._keep("task", Outcome("PROGRESS"), 10)

    assert replies._kept["task"][0].state == "SUCCESS"


def test_the_queue_has_one_name_for_each_monitor() -> None:
    names = [
        Replies(Connecting(config_for(Path("unused"), namespace=namespace, name="m"))).queue_name
        for namespace in ("a", "a", "b")
    ]

    assert names[0] == names[1] != names[2]


def test_its_queue_is_not_the_one_of_the_workers(place: Site) -> None:
    assert replies_of(place.broker).queue_name != QUEUE
