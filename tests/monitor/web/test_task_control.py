"""Flower's commands about tasks, carried out by a real worker."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.live import inspected, monitored, until_running, wait_for_workers
from tests.monitor.web.stores import StoreFile, task
from tests.support.celery import send, worker
from tests.support.processes import Program, until
from tests.support.redis import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("task control")]

ADD = "tests.support.celery_app.add"
W1 = "w1@test"


@pytest.fixture
async def live(
    store: StoreFile, broker: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Starlette, httpx.AsyncClient]]:
    """A monitor that knows the worker, and waits long for it."""
    wait_for_workers(monkeypatch)
    async with monitored(store, broker.url, W1) as made:
        yield made


@pytest.fixture
def app(live: tuple[Starlette, httpx.AsyncClient]) -> Starlette:
    return live[0]


@pytest.fixture
def client(live: tuple[Starlette, httpx.AsyncClient]) -> httpx.AsyncClient:
    return live[1]


async def test_revoking_says_what_flower_says_and_who_has_done_it(
    app: Starlette, client: httpx.AsyncClient, w1: Program
) -> None:
    """D13: of a task that nobody ever sent Flower says the same."""
    response = await client.post("/api/task/revoke/some-id")

    assert response.json() == {
        "message": "Revoked 'some-id'",
        "acknowledged": True,
        "replies": {W1: {"ok": "tasks {'some-id'} flagged as revoked"}},
        "silent": [],
    }
    assert "some-id" in await inspected(app, W1, "revoked")


async def test_a_worker_that_does_not_answer_is_named(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.worker("mute@test")
    wait_for_workers(monkeypatch, 0.2)

    body = (await client.post("/api/task/revoke/some-id")).json()

    assert (body["message"], body["acknowledged"]) == ("Revoked 'some-id'", False)
    assert "mute@test" in body["silent"]


@pytest.mark.parametrize("query", ["terminate=true", "terminate=1&signal=KILL", "terminate=yes&signal=sigkill"])
async def test_a_task_that_runs_is_terminated(
    client: httpx.AsyncClient, broker: RedisServer, w1: Program, tmp_path: Path, query: str
) -> None:
    uuid = send(broker.url, "hold", str(tmp_path / "never"))
    until(lambda: uuid in w1.log, "it is received")

    response = await client.post(f"/api/task/revoke/{uuid}?{query}")

    assert response.json()["replies"] == {W1: {"ok": f"terminate: {uuid}"}}
    until(lambda: f"Terminating {uuid}" in w1.log, "it is terminated")


async def test_an_unknown_signal_is_400_with_those_that_there_are(client: httpx.AsyncClient) -> None:
    """Flower says that the task is revoked, while every worker fails the command."""
    response = await client.post("/api/task/revoke/some-id", data={"signal": "SIGNONE"})

    assert response.status_code == 400
    assert response.text.startswith("Unknown signal 'SIGNONE': one of SIGABRT, ")


async def test_terminate_takes_flowers_words_only(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/task/revoke/some-id?terminate=maybe")

    assert (response.status_code, response.text) == (
        400,
        "Invalid argument 'maybe' of type 'bool': terminate takes true or false",
    )


@pytest.mark.parametrize(
    ("route", "body", "message"),
    [
        ("timeout", {"soft": 30, "hard": 100.5}, "time limits set successfully"),
        ("rate-limit", {"ratelimit": "11/m"}, "new rate limit set successfully"),
        ("rate-limit", {"ratelimit": 20}, "new rate limit set successfully"),
    ],
)
@pytest.mark.parametrize("kind", ["data", "json", "params"])
async def test_a_limit_is_set(
    client: httpx.AsyncClient, w1: Program, route: str, body: dict[str, Any], message: str, kind: str
) -> None:
    sent: dict[str, Any] = {kind: {"workername": W1, **body}}
    response = await client.post(f"/api/task/{route}/{ADD}", **sent)

    assert response.json() == {
        "message": message,
        "acknowledged": True,
        "replies": {W1: {"ok": message}},
        "silent": [],
    }


async def test_a_rate_limit_is_the_workers(app: Starlette, client: httpx.AsyncClient, w1: Program) -> None:
    await client.post(f"/api/task/rate-limit/{ADD}", data={"workername": W1, "ratelimit": "7/m"})

    assert f"{ADD} [rate_limit=7/m]" in await inspected(app, W1, "registered")


@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        (f"rate-limit/{ADD}", {"workername": W1}, 400, "Missing argument ratelimit"),
        (f"rate-limit/{ADD}", {"workername": W1, "ratelimit": ""}, 400, "Missing argument ratelimit"),
        (f"rate-limit/{ADD}", {"ratelimit": "1/m"}, 400, "Missing argument workername"),
        (
            f"rate-limit/{ADD}",
            {"workername": W1, "ratelimit": "zzz"},
            403,
            "Failed to set rate limit: 'Invalid rate limit string: "
            "ValueError(\"could not convert string to float: 'zzz'\")'",
        ),
        (f"rate-limit/{ADD}", {"workername": "<b>", "ratelimit": "1/m"}, 404, "Unknown worker '<b>'"),
        ("rate-limit/no.such", {"workername": W1, "ratelimit": "1/m"}, 404, "Unknown task 'no.such'"),
        (f"timeout/{ADD}", {"soft": 1}, 400, "Missing argument workername"),
        (
            f"timeout/{ADD}",
            {"workername": W1, "soft": "x"},
            400,
            "Invalid argument 'x' of type 'float': soft takes seconds, 0 or more",
        ),
        (
            f"timeout/{ADD}",
            {"workername": W1, "hard": -1},
            400,
            "Invalid argument '-1' of type 'float': hard takes seconds, 0 or more",
        ),
        (f"timeout/{ADD}", {"workername": "nobody"}, 404, "Unknown worker 'nobody'"),
        ("timeout/no.such", {"workername": W1}, 404, "Unknown task 'no.such'"),
    ],
)
async def test_what_is_wrong_with_a_limit_is_said_in_flowers_words(
    client: httpx.AsyncClient, w1: Program, path: str, body: dict[str, Any], status: int, text: str
) -> None:
    """D2: a rate limit that is left out lifted the limit. D3: a worker that is left out is none."""
    response = await client.post(f"/api/task/{path}", data=body)

    assert (response.status_code, response.text) == (status, text)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


async def test_without_broker_nothing_is_revoked(store: StoreFile) -> None:
    async with running(config_for(store.path)) as app, client_of(app) as client:
        response = await client.post("/api/task/revoke/some-id")

    assert response.status_code == 503
    assert response.text.startswith("Broker or result backend unavailable: ")


async def test_one_task_is_revoked_over_our_api(client: httpx.AsyncClient, store: StoreFile, w1: Program) -> None:
    store.add(task("mine", state="RECEIVED"))

    known = (await client.post("/api/v1/tasks/mine/revoke", json={"terminate": True, "signal": "KILL"})).json()
    unknown = (await client.post("/api/v1/tasks/unknown/revoke")).json()

    assert (known["state"], known["replies"]) == ("RECEIVED", {W1: {"ok": "terminate: tasks unknown"}})
    assert (unknown["state"], unknown["acknowledged"], unknown["silent"]) == (None, True, [])


async def test_many_are_revoked_when_a_dry_run_has_told_how_many(
    app: Starlette, client: httpx.AsyncClient, store: StoreFile, w1: Program
) -> None:
    store.add(*(task(f"wait-{n}", state="RECEIVED", name="slow", received=1000.0 + n) for n in range(3)))
    store.add(task("done", name="slow"), task("other", name="quick", state="RECEIVED"))

    dry = (await client.post("/api/v1/tasks/revoke", json={"name": "slow"})).json()
    body = {"name": "slow", "dry_run": False, "expect": dry["matched"]}
    done = (await client.post("/api/v1/tasks/revoke", json=body)).json()
    revoked = set(await inspected(app, W1, "revoked"))

    assert (dry["dry_run"], dry["matched"], dry["first"]) == (True, 3, ["wait-0", "wait-1", "wait-2"])
    assert (done["sent"], done["acknowledged"], done["refused"], done["silent"]) == (3, True, {}, [])
    assert revoked & {"wait-0", "wait-1", "wait-2", "done", "other"} == {"wait-0", "wait-1", "wait-2"}


async def test_a_worker_that_fails_a_bulk_revoke_is_named(
    store: StoreFile, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool `threads` can end no task that runs."""
    wait_for_workers(monkeypatch)
    go = tmp_path / "go"
    with worker(redis.url, tmp_path, pool="threads"):
        uuid = send(redis.url, "hold", str(go))
        store.add(task(uuid, state="STARTED"))
        async with monitored(store, redis.url, W1) as (app, client):
            await until_running(app, W1, uuid)
            body = {"dry_run": False, "expect": 1, "terminate": True}
            done = (await client.post("/api/v1/tasks/revoke", json=body)).json()
        go.touch()

    assert "NotImplementedError" in done["refused"][W1]
    assert done["acknowledged"] is False
