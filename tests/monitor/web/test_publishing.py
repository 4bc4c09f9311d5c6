"""Sending tasks and reading their results, with a real worker on Redis."""

import asyncio
import base64
import hashlib
import importlib.util
import json
import pickle
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis as redis_client
from starlette.types import Message

from flower_monitor.publish import outcomes, publisher
from flower_monitor.redact import Rule
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.sites import NAME, QUEUE, Site, monitored, post, seen, site, until_state
from tests.monitor.web.stores import StoreFile, task
from tests.support import ci, ports
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import redis_server

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("publishing")]  # one worker for all

BEGINNING = "Broker or result backend unavailable: "


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("publishing")
    with redis_server(folder / "redis") as server, site(server.url, server.url, folder) as found:
        yield found


@pytest.fixture
async def client(place: Site, store: StoreFile) -> AsyncIterator[httpx.AsyncClient]:
    seen(store)
    async with monitored(place, store.path) as opened:
        yield opened


async def test_apply_answers_with_the_result(client: httpx.AsyncClient) -> None:
    response = await post(client, "apply", "add", args=[1, 2])

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    body = response.json()
    assert body == {"task-id": body["task-id"], "state": "SUCCESS", "result": 3}


async def test_apply_takes_keyword_arguments_and_an_id(client: httpx.AsyncClient) -> None:
    response = await post(client, "apply", "add", kwargs={"a": 1, "b": 5}, task_id="my-own")

    assert response.json() == {"task-id": "my-own", "state": "SUCCESS", "result": 6}


async def test_a_task_that_fails_is_an_answer_too(client: httpx.AsyncClient) -> None:
    response = await post(client, "apply", "fail")

    assert response.status_code == 200
    body = response.json()
    assert (body["state"], body["result"]) == ("FAILURE", "ValueError('as it should')")
    assert body["traceback"].startswith("Traceback")


async def test_apply_that_takes_too_long_has_no_result(client: httpx.AsyncClient, tmp_path: Path) -> None:
    response = await post(client, "apply", "hold", args=[str(tmp_path / "go")], timeout=0.2)
    (tmp_path / "go").touch()

    assert response.status_code == 200
    assert set(response.json()) == {"task-id", "state"}


async def test_apply_does_not_wait_for_a_result_that_is_not_to_be_kept(client: httpx.AsyncClient) -> None:
    response = await post(client, "apply", "add", args=[1, 2], ignore_result=True)

    assert response.json()["state"] == "PENDING"


@pytest.mark.parametrize("kind", ["async-apply", "send-task"])
async def test_a_task_is_sent_and_its_result_read_later(client: httpx.AsyncClient, kind: str) -> None:
    sent = (await post(client, kind, "add", args=[3, 4])).json()
    read = await client.get(f"/api/task/result/{sent['task-id']}", params={"timeout": PATIENCE})

    assert sent == {"task-id": sent["task-id"], "state": "PENDING"}
    assert read.json() == {"task-id": sent["task-id"], "state": "SUCCESS", "result": 7}


async def test_the_result_of_a_task_that_was_never_seen_is_pending(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/task/result/none")

    assert (response.status_code, response.json()) == (200, {"task-id": "none", "state": "PENDING"})


async def test_a_result_that_does_not_come_in_time_is_a_state(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/task/result/none", params={"timeout": 0.1})

    assert (response.status_code, response.json()) == (200, {"task-id": "none", "state": "PENDING"})


@pytest.mark.parametrize("seconds", ["x", "", "nan"])
async def test_a_timeout_that_is_no_number_is_refused(client: httpx.AsyncClient, seconds: str) -> None:
    response = await client.get("/api/task/result/none", params={"timeout": seconds})

    assert response.status_code == 400
    assert response.text.startswith(f"Invalid argument '{seconds}' of type 'float'")


@pytest.mark.parametrize("kind", ["apply", "async-apply"])
async def test_a_name_that_nobody_knows_is_404(client: httpx.AsyncClient, kind: str) -> None:
    """D10: in 2.2.0 with this text too."""
    response = await client.post(f"/api/task/{kind}/no.such/<b>", json={})

    assert (response.status_code, response.text) == (404, "Unknown task 'no.such/<b>'")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


async def test_send_task_takes_any_name(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/task/send-task/no.such", json={"queue": "unread"})

    assert response.status_code == 200


async def test_a_name_that_no_event_told_is_known_when_a_worker_registers_it(client: httpx.AsyncClient) -> None:
    response = await post(client, "async-apply", "twice")

    assert response.status_code == 200


async def test_a_name_that_events_told_is_known_though_no_worker_has_it(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    store.count_events("w1@host", "task-received", "tasks.gone", 1)

    response = await client.post("/api/task/async-apply/tasks.gone", json={"queue": "unread"})

    assert response.status_code == 200


@pytest.mark.parametrize("kind", ["apply", "async-apply", "send-task"])
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"args": "x"}, "args must be an array"),
        ({"kwargs": [1]}, "kwargs must be an object"),
        ({"eta": 5}, "Invalid option: eta takes"),
        ({"countdown": None}, "Invalid option: countdown takes"),
        ({"countdown": "x"}, "Invalid option: countdown takes"),
        ({"expires": "x"}, "Invalid option: expires takes"),
        ({"queue": 5}, "Invalid option: queue takes"),
        ({"serializer": "nonsense"}, "Invalid option: the message can't be written: No encoder installed for nonsense"),
        ({"compression": "nonsense"}, "Invalid option: "),
        ({"link": 5}, "Invalid option: link takes"),
        ({"stamped_headers": ["missing"]}, "Invalid option: "),
        ({"connection": "redis://"}, "Invalid option: connection can't be given here"),
    ],
)
async def test_a_body_that_can_not_be_sent_is_400(
    client: httpx.AsyncClient, kind: str, body: dict[str, Any], text: str
) -> None:
    """D9: 2.2.0 answers 500 to most of these."""
    response = await post(client, kind, "add", **{"args": [1, 2], **body})

    assert response.status_code == 400
    assert response.text.startswith(text)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(f"/api/task/send-task/{NAME}add", content=body)

    assert response.status_code == 400


async def test_apply_takes_the_timeout_that_flower_documents_in_the_query(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/task/apply/add?timeout=long", json={"args": [1, 2]})

    assert (response.status_code, response.text[:15]) == (400, "Invalid timeout")


async def test_apply_with_a_timeout_that_is_none_is_400(client: httpx.AsyncClient) -> None:
    response = await post(client, "apply", "add", args=[1, 2], timeout="long")

    assert (response.status_code, response.text[:15]) == (400, "Invalid timeout")


async def test_wrong_arguments_are_told_where_the_task_is_known(client: httpx.AsyncClient) -> None:
    """D9. Celery's own tasks are known here; of others only their workers know what they take."""
    response = await client.post("/api/task/async-apply/celery.backend_cleanup", json={"args": [1]})

    assert response.status_code == 400
    assert response.text.startswith("Wrong arguments for celery.backend_cleanup: ")


async def test_options_reach_the_message(client: httpx.AsyncClient, place: Site) -> None:
    await client.post(
        "/api/task/send-task/tasks.any",
        json={
            **{"queue": "peeked", "eta": "2030-01-02 03:04:05.000006", "expires": "2031-01-01T00:00:00+02:00"},
            **{"priority": 0, "headers": {"trace": "x"}, "time_limit": 9, "correlation_id": "c"},
        },
    )
    with redis_client.Redis.from_url(place.broker) as broker:
        message = json.loads(broker.lpop("peeked"))

    headers = message["headers"]
    assert headers["eta"] == "2030-01-02T03:04:05.000006+00:00"
    assert headers["expires"] == "2031-01-01T00:00:00+02:00"
    assert (headers["trace"], headers["timelimit"]) == ("x", [9.0, None])
    assert message["properties"]["correlation_id"] == "c"


async def test_a_task_can_follow_with_the_result_of_the_first(client: httpx.AsyncClient) -> None:
    following = {"task": f"{NAME}add", "args": [10], "options": {"task_id": "following", "queue": QUEUE}}

    await post(client, "send-task", "add", args=[1, 2], link=following)

    assert (await until_state(client, "following", "SUCCESS"))["result"] == 13


@pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning")  # Celery's, of redis-py 8
async def test_a_task_is_told_to_abort_and_does(client: httpx.AsyncClient) -> None:
    uuid = (await post(client, "async-apply", "abortable")).json()["task-id"]

    response = await client.post(f"/api/task/abort/{uuid}")

    assert response.json() == {"message": f"Aborted '{uuid}'", "state": "ABORTED"}
    assert (await until_state(client, uuid, "SUCCESS"))["result"] == "aborted"


async def test_a_task_that_has_ended_is_not_aborted_any_more(client: httpx.AsyncClient) -> None:
    """D13: Flower overwrites how it failed."""
    uuid = (await post(client, "apply", "fail")).json()["task-id"]

    response = await client.post(f"/api/task/abort/{uuid}")

    assert response.json()["state"] == "FAILURE"
    assert (await client.get(f"/api/task/result/{uuid}")).json()["state"] == "FAILURE"


async def test_pickled_results_are_not_unpickled(client: httpx.AsyncClient, place: Site) -> None:
    """Reading one runs what is in it."""
    with redis_client.Redis.from_url(place.backend) as backend:
        backend.set("celery-task-meta-evil", pickle.dumps({"status": "SUCCESS", "result": 1}), ex=600)

    response = await client.get("/api/task/result/evil")

    assert response.status_code == 503


async def test_a_running_task_tells_how_far_it_is(client: httpx.AsyncClient, tmp_path: Path) -> None:
    path = str(tmp_path / "go")
    uuid = (await post(client, "send-task", "report", args=[path], kwargs={"current": 3, "total": 10})).json()[
        "task-id"
    ]
    running = await until_state(client, uuid, "PROGRESS")
    (tmp_path / "go").touch()
    ended = await until_state(client, uuid, "SUCCESS")

    assert running["meta"] == {"current": 3, "total": 10}
    assert running["progress"] == {"current": 3.0, "total": 10.0, "percent": 30.0}
    assert (ended["result"], ended["meta"], ended["progress"]) == ("let go", None, None)
    assert ended["date_done"]


async def test_rules_hide_in_results_too(place: Site, store: StoreFile, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    rules = (Rule(argument="password"), Rule(pattern="let"))
    async with monitored(place, store.path, redact=rules) as client:
        body = {"args": [str(tmp_path / "wait")], "kwargs": {"password": "x", "current": 1, "total": 2}}
        uuid = (await post(client, "send-task", "report", **body)).json()["task-id"]
        running = await until_state(client, uuid, "PROGRESS")
        (tmp_path / "wait").touch()
        ended = await client.get(f"/api/task/result/{uuid}", params={"timeout": PATIENCE})

    assert running["meta"] == "{'password': [redacted], 'current': 1, 'total': 2}"
    assert running["progress"]["percent"] == 50.0
    assert ended.json()["result"] == "[redacted] go"


async def test_a_rule_for_a_task_holds_for_its_results_alone(place: Site, store: StoreFile) -> None:
    """Of a task whose name no event told, all is hidden that a rule for some task hides."""
    seen(store)
    store.add(task("known-by-events", name=f"{NAME}add"))
    async with monitored(place, store.path, redact=(Rule(task="secret.*"),)) as client:
        known = await post(client, "apply", "add", args=[1, 2], task_id="known-by-events")
        unknown = await post(client, "apply", "add", args=[1, 2])

    assert known.json()["result"] == 3
    assert unknown.json()["result"] == "[redacted]"


async def test_a_task_is_sent_by_our_own_api(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/v1/tasks", json={"name": f"{NAME}add", "args": [1, 1], "queue": QUEUE})
    body = response.json()

    assert response.status_code == 202
    assert body == {"uuid": body["uuid"], "name": f"{NAME}add"}
    assert (await until_state(client, body["uuid"], "SUCCESS"))["result"] == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "t", "args": {}}, "args"),
        ({"name": "t", "kwargs": []}, "kwargs"),
        ({"name": "t", "countdown": -1}, "countdown"),
        ({"name": "t", "eta": "soon"}, "eta"),
        ({"name": "t", "serializer": "nonsense"}, "serializer"),
        ({"name": "t", "retry": True}, "retry"),
    ],
)
async def test_our_own_api_names_the_field_that_is_wrong(
    client: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    response = await client.post("/api/v1/tasks", json=body)

    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["field"]) == (400, field)


async def test_a_hundred_who_wait_block_nobody(client: httpx.AsyncClient, tmp_path: Path) -> None:
    """D8: five stop Flower 2.2.0."""
    waits = [asyncio.create_task(client.get("/api/task/result/none", params={"timeout": 600})) for _ in range(100)]
    response = await post(client, "apply", "add", args=[1, 2])
    pending = [wait for wait in waits if not wait.done()]
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)

    assert response.json()["result"] == 3
    assert len(pending) == 100


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/api/task/result/none", b"timeout=600", b""),
        ("POST", f"/api/task/apply/{NAME}add", b"", b'{"queue": "unread"}'),
    ],
)
async def test_a_client_that_leaves_is_waited_for_no_longer(
    place: Site, store: StoreFile, method: str, path: str, query: bytes, body: bytes
) -> None:
    """D8: by the application itself, since no client for tests leaves before the answer."""
    seen(store)
    coming: list[Message] = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    login = b"Basic " + base64.b64encode("admin:pässword".encode())
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(b"authorization", login)],
    }
    async with running(config_for(store.path, broker_url=place.broker, result_backend=place.backend)) as app:
        async with asyncio.timeout(PATIENCE):
            await app(scope, receive, send)
        waits = set(app.state.context.publisher.outcomes._waiting._waits)

    assert sent[0]["status"] == 499
    assert waits == set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/api/task/apply/{NAME}add"),
        ("GET", "/api/task/result/none"),
        ("POST", "/api/task/abort/none"),
    ],
)
async def test_without_a_backend_it_is_said_before_anything_is_sent(
    place: Site, store: StoreFile, method: str, path: str
) -> None:
    """D9: Flower sends the task and answers 500."""
    store.count_events("w1@host", "task-received", f"{NAME}add", 1)
    async with monitored(place, store.path, result_backend=None) as client:
        response = await client.request(method, path)

    assert response.status_code == 503
    assert f"{BEGINNING}no result backend is configured: set --result-backend" in response.text


async def test_without_a_backend_our_own_api_has_no_results(place: Site, store: StoreFile) -> None:
    async with monitored(place, store.path, result_backend=None) as client:
        response = await client.get("/api/v1/tasks/none/result")

    assert response.status_code == 404
    assert response.json()["type"].endswith(":no-result-backend")


async def test_sending_needs_no_backend(place: Site, store: StoreFile) -> None:
    async with monitored(place, store.path, result_backend=None) as client:
        response = await client.post("/api/task/send-task/tasks.any", json={"queue": "unread"})

    assert set(response.json()) == {"task-id"}


async def test_a_backend_that_is_down_is_said_before_anything_is_sent(place: Site, store: StoreFile) -> None:
    store.count_events("w1@host", "task-received", "tasks.seen", 1)
    down = f"redis://:hunter2@127.0.0.1:{ports.free()}/0"
    async with monitored(place, store.path, result_backend=down) as client:
        response = await client.post("/api/task/apply/tasks.seen", json={"queue": "not-sent"})
    with redis_client.Redis.from_url(place.broker) as broker:
        sent = broker.llen("not-sent")

    assert response.status_code == 503
    assert response.text.startswith(f"{BEGINNING}the result backend can't be used: ")
    assert "hunter2" not in response.text
    assert sent == 0


@pytest.mark.parametrize(
    ("backend", "text"),
    [
        ("mongodb://localhost/results", "pymongo"),
        ("nonsense://localhost", "nonsense"),
    ],
)
async def test_a_library_that_is_missing_is_named(place: Site, store: StoreFile, backend: str, text: str) -> None:
    async with monitored(place, store.path, result_backend=backend) as client:
        response = await client.get("/api/task/result/none")

    assert response.status_code == 503
    assert text in response.text


async def test_a_broker_that_is_down_is_503_without_its_password(place: Site, store: StoreFile) -> None:
    down = f"redis://:hunter2@127.0.0.1:{ports.free()}/0"
    async with monitored(place, store.path, broker_url=down) as client:
        response = await client.post("/api/task/send-task/tasks.any", json={})
        own = await client.post("/api/v1/tasks", json={"name": "tasks.any"})

    assert response.status_code == 503
    assert response.text.startswith(f"{BEGINNING}redis://127.0.0.1")
    assert (own.status_code, own.json()["type"]) == (503, "urn:flower-monitor:problem:broker")
    assert "hunter2" not in response.text + own.text


async def test_a_broker_that_hangs_costs_a_caller_no_more_than_the_deadline(
    place: Site, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # its connections are never accepted
        hanging = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        async with monitored(place, store.path, broker_url=hanging) as client:
            response = await client.post("/api/task/send-task/tasks.any", json={"task_id": "mine"})

    assert response.status_code == 503
    assert "did not answer within" in response.text
    assert "whether task mine was sent is not known" in response.text


async def test_the_environment_does_not_change_the_broker(
    client: httpx.AsyncClient, place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery prefers these to its own configuration."""
    for name in ("CELERY_BROKER_URL", "CELERY_BROKER_WRITE_URL"):
        monkeypatch.setenv(name, f"redis://127.0.0.1:{ports.free()}/0")

    response = await client.post("/api/task/send-task/tasks.any", json={"queue": "environment", "countdown": 1})

    assert response.status_code == 200
    with redis_client.Redis.from_url(place.broker) as broker:
        assert broker.llen("environment") == 1


async def test_a_backend_that_hangs_holds_up_nothing_but_who_asks(
    place: Site, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D8."""
    monkeypatch.setattr(outcomes, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # its connections are never accepted
        hanging = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        async with monitored(place, store.path, result_backend=hanging) as client:
            asked = [asyncio.create_task(client.get("/api/v1/tasks/none/result")) for _ in range(10)]
            sent = await client.post("/api/task/send-task/tasks.any", json={"queue": "unread"})
            answers = await asyncio.gather(*asked)

    assert sent.status_code == 200
    assert {answer.status_code for answer in answers} == {503}


async def test_nothing_is_left_on_the_broker_but_the_task_and_its_result(place: Site, store: StoreFile) -> None:
    """As Celery leaves them: with an app of its own that has a backend it would stay subscribed too."""
    seen(store)
    with redis_client.Redis.from_url(place.broker) as broker:
        async with monitored(place, store.path) as client:
            # The worker's own keys are there after the first.
            await post(client, "apply", "add", args=[1, 2])
            before = set(broker.keys())
            uuid = (await post(client, "apply", "add", args=[1, 2])).json()["task-id"]
            channels = broker.pubsub_channels("celery-task-meta-*")
            # The result is there before the worker acknowledges.
            until(lambda: not broker.exists("unacked"), "the worker has no message")
            after = set(broker.keys())

    # The worker holds the last for as long as it takes to look for messages that nobody acknowledged in time.
    assert after - before - {b"unacked_mutex"} == {f"celery-task-meta-{uuid}".encode()}
    assert channels == []


@pytest.mark.parametrize("kind", ["file", "db+sqlite"])
async def test_a_backend_of_another_kind_works_too(place: Site, store: StoreFile, tmp_path: Path, kind: str) -> None:
    if kind != "file":
        if importlib.util.find_spec("sqlalchemy") is None:
            ci.missing("SQLAlchemy is not installed: make environment")
        importlib.import_module("sqlalchemy")  # on a busy machine this takes longer than a backend may
    (tmp_path / "results").mkdir()
    backend = {"file": f"file://{tmp_path}/results", "db+sqlite": f"db+sqlite:///{tmp_path}/results.sqlite3"}[kind]
    seen(store)
    with redis_server(tmp_path / "redis") as server, site(server.url, backend, tmp_path) as found:
        async with monitored(found, store.path) as client:
            added = await post(client, "apply", "add", args=[1, 2])
            failed = (await post(client, "apply", "fail")).json()
            own = (await client.get(f"/api/v1/tasks/{failed['task-id']}/result")).json()

    assert added.json()["result"] == 3
    assert (failed["state"], failed["result"]) == ("FAILURE", "ValueError('as it should')")
    assert own["date_done"].startswith("20")


async def test_a_viewer_may_read_results_and_send_nothing(place: Site, store: StoreFile) -> None:
    digest = hashlib.sha256(b"viewer").hexdigest()
    config = config_for(store.path, broker_url=place.broker, result_backend=place.backend, fleet_token_sha256=digest)
    async with running(config) as app, client_of(app, None) as viewer:
        viewer.headers["Authorization"] = "Bearer viewer"
        read = await viewer.get("/api/task/result/none")
        sent = [
            await viewer.post(path, json={"name": "t"})
            for path in ("/api/task/send-task/t", "/api/task/apply/t", "/api/task/abort/t", "/api/v1/tasks")
        ]

    assert read.status_code == 200
    assert {answer.status_code for answer in sent} == {403}
