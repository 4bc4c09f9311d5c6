"""`GET /api/v1/workers/{name}`: what a worker says of itself, asked once for all who look."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.web.inspection import DETAILS, Inspection
from flower_monitor.web.outcome import NO_REPLY
from tests.monitor.web.live import monitored, wait_for_workers
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import Clock, FakeControl
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

ALL = {command: {"said": command} for command in DETAILS}


@pytest.fixture
def asked(app: Starlette) -> FakeControl:
    """Answers for the worker `w1@host`, all that it is asked."""
    control = FakeControl()
    control.replies = {"w1@host": dict(ALL)}
    app.state.context.inspection._control = control
    return control


async def test_the_first_look_shows_everything(
    store: StoreFile, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D27: in Flower 2.1 it was a 404."""
    wait_for_workers(monkeypatch)
    with worker(redis.url, tmp_path) as program:
        async with monitored(store, redis.url, "w1@test", inspect_timeout=PATIENCE) as (_, client):
            body = (await client.get("/api/v1/workers/w1@test")).json()

    assert (body["hostname"], body["problem"], body["worker"]["state"]) == ("w1@test", None, "online")
    assert body["stats"]["value"]["pid"] == program.pid
    assert "tests.support.celery_app.add" in body["registered"]["value"]
    assert [queue["name"] for queue in body["active_queues"]["value"]] == ["tests"]
    assert [body[name]["value"] for name in ("active", "reserved", "scheduled", "revoked")] == [[], [], [], []]
    assert body["conf"]["value"]["task_default_queue"] == "tests"
    assert body["stats"]["age"] >= 0


async def test_all_who_look_share_one_question(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    store.worker("w1@host")

    await asyncio.gather(*(client.get("/api/v1/workers/w1@host") for _ in range(10)))

    assert len(asked.asked) == 1


async def test_those_who_want_it_new_at_the_same_moment_share_it_too() -> None:
    control = FakeControl()
    inspection = Inspection(control, Clock())

    await asyncio.gather(*(inspection.look("w1@host", 0) for _ in range(10)))

    assert len(control.asked) == 1


async def test_max_age_asks_again(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    store.worker("w1@host")

    await client.get("/api/v1/workers/w1@host")
    await client.get("/api/v1/workers/w1@host?max_age=0")

    assert asked.asked == [(set(DETAILS), ["w1@host"])] * 2


async def test_one_that_is_silent_shows_its_events_at_once(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl
) -> None:
    asked.replies = {}
    store.worker("w1@host")

    body = (await client.get("/api/v1/workers/w1@host")).json()

    assert (body["worker"]["hostname"], body["problem"], body["stats"]) == ("w1@host", NO_REPLY, None)


async def test_what_it_said_before_stays_with_its_age_and_why_it_is_old(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl
) -> None:
    store.worker("w1@host")
    before = (await client.get("/api/v1/workers/w1@host")).json()
    asked.broken = True

    body = (await client.get("/api/v1/workers/w1@host?max_age=0")).json()

    assert body["problem"] == "it could not be asked: redis://h:6379/0: refused"
    assert body["stats"]["at"] == before["stats"]["at"]


async def test_what_alone_is_missing_is_named(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    asked.replies["w1@host"]["active"] = {"error": "boom"}
    store.worker("w1@host")

    body = (await client.get("/api/v1/workers/w1@host")).json()

    assert (body["problem"], body["active"]) == ("no answer to active", None)
    assert body["scheduled"]["value"] == {"said": "scheduled"}


async def test_a_worker_that_sends_no_events_has_none(client: httpx.AsyncClient, asked: FakeControl) -> None:
    body = (await client.get("/api/v1/workers/w1@host")).json()

    assert (body["worker"], body["stats"]["value"]) == (None, {"said": "stats"})


async def test_one_that_nobody_knows_is_404_and_asked_no_second_time(
    client: httpx.AsyncClient, asked: FakeControl
) -> None:
    responses = [await client.get(f"/api/v1/workers/nobody-{n}@host") for n in range(3)]

    assert {response.status_code for response in responses} == {404}
    assert len(asked.asked) == 1, "the question to all who are not known"


async def test_a_silent_one_is_not_asked_by_everybody_who_looks() -> None:
    control, clock = FakeControl(), Clock()
    control.replies = {}
    inspection = Inspection(control, clock)

    problems = [await inspection.look("mute@host", 10) for _ in range(3)]
    clock.now += 10
    await inspection.look("mute@host", 10)

    assert problems == [NO_REPLY] * 3
    assert len(control.asked) == 2
