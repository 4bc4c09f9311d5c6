"""`POST /api/v1/workers/{name}/drain` with a real worker."""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from typing_extensions import override

from flower_monitor.control import Control, Replies
from flower_monitor.web.draining import Draining
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.store import StoreAccess
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.live import inspected, monitored, wait_for_workers
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import FakeControl
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import Program, until
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

W1 = "w1@test"
PATH = f"/api/v1/workers/{W1}/drain"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_workers(monkeypatch, PATIENCE)


@pytest.fixture
async def live(
    store: StoreFile, redis: RedisServer, tmp_path: Path
) -> AsyncIterator[tuple[Starlette, httpx.AsyncClient, Program]]:
    with worker(redis.url, tmp_path, pool="threads") as program:
        async with monitored(store, redis.url, W1) as (app, client):
            yield app, client, program


async def test_a_worker_that_is_drained_has_ended_its_tasks_and_takes_no_more(
    live: tuple[Starlette, httpx.AsyncClient, Program], redis: RedisServer, tmp_path: Path
) -> None:
    app, client, program = live
    gate = tmp_path / "gate"
    held = send(redis.url, "hold", str(gate))
    until(lambda: held in program.log, "it runs")

    early = await client.post(PATH, json={"deadline": 0})
    gate.touch()
    late = await client.post(PATH, json={"deadline": PATIENCE})
    after = send(redis.url, "add", 1, 2)

    assert (early.status_code, early.json()) == (202, {"worker": W1, "drained": False, "queues": ["tests"], "left": 1})
    assert (late.status_code, late.json()) == (200, {"worker": W1, "drained": True, "queues": [], "left": 0})
    assert await inspected(app, W1, "active_queues") == []
    assert f"Task tests.support.celery_app.hold[{held}] succeeded" in program.log
    assert after not in program.log


class Starting(Control):
    """A worker whose only task begins to run between two questions."""

    def __init__(self) -> None:
        super().__init__(config_for(Path("unused")))

    @override
    async def ask(
        self,
        commands: Mapping[str, Mapping[str, Any]],
        destination: Sequence[str] | None,
        expected: Collection[str] | None,
        patience: float | None = None,
    ) -> Replies:
        stages = ("reserved", "active")
        return {W1: {one: [{"id": "t"}] if one in stages[at : at + 1] else [] for at, one in enumerate(commands)}}


async def test_a_task_that_begins_to_run_meanwhile_is_not_lost() -> None:
    control = Starting()
    found = await Draining(control, StoreAccess(Path("unused"), 1, "test"), Inspection(control)).drain(W1, 0)

    assert found.left == 1


class Late(FakeControl):
    """A worker that hears nothing of the first questions: no real one can be brought to that just so often."""

    @override
    async def ask(self, commands: Mapping[str, Mapping[str, Any]], *others: Any) -> Replies:
        await super().ask(commands, *others)
        if len(self.asked) % 2:
            return {}
        answers: dict[str, Any] = {"active_queues": [{"name": "tests"}], "cancel_consumer": {"ok": "no longer"}}
        return {W1: {command: answers.get(command, []) for command in commands}}


async def test_one_that_is_late_is_asked_again_until_the_deadline(store: StoreFile) -> None:
    store.worker(W1)
    control = Late()

    found = await Draining(control, StoreAccess(store.path, 1, "test"), Inspection(control)).drain(W1, PATIENCE)

    assert (found.queues, found.left, found.gone) == (["tests"], 0, False)


async def test_a_worker_that_is_silent_is_504(
    store: StoreFile, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(monkeypatch, 0.2)
    async with monitored(store, redis.url, "mute@test") as (_, client):
        answer = await client.post("/api/v1/workers/mute@test/drain", json={"deadline": 0.5})

    assert (answer.status_code, answer.json()["type"]) == (504, "urn:flower-monitor:problem:no-reply")


@pytest.mark.parametrize("body", [{"deadline": -1}, {"deadline": 3601}, {"force": True}])
async def test_a_wrong_body_is_400(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await client.post(PATH, json=body)).status_code == 400


async def test_a_token_of_a_pods_prestop_drains_and_does_nothing_else(store: StoreFile, tmp_path: Path) -> None:
    line = {"name": "pod", "sha256": hashlib.sha256(b"fmt_t").hexdigest(), "role": "operator", "permissions": ["drain"]}
    tokens = tmp_path / "tokens"
    tokens.write_bytes(msgspec.json.encode(line))
    async with running(config_for(store.path, token_file=tokens)) as app, client_of(app, None) as pod:
        pod.headers["Authorization"] = "Bearer fmt_t"
        drained = await pod.post(PATH, json={"deadline": -1})
        others = [await pod.post(f"/api/worker/shutdown/{W1}"), await pod.get("/api/v1/tasks")]

    assert (drained.status_code, [other.status_code for other in others]) == (400, [403, 403])
