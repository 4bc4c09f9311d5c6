"""`PUT /api/v1/workers/{name}/pool` with real pools."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from typing_extensions import override

from flower_monitor.control import Replies
from flower_monitor.web import pools
from flower_monitor.web.pools import Pools
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.live import inspected, monitored, until_running, wait_for_workers
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import FakeControl
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import Program
from tests.support.redis import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("pools")]

W1 = "w1@test"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_workers(monkeypatch)
    monkeypatch.setattr(pools, "LOOKS", int(PATIENCE / pools.POLL))


@pytest.fixture
async def live(store: StoreFile, broker: RedisServer) -> AsyncIterator[tuple[Starlette, httpx.AsyncClient]]:
    async with monitored(store, broker.url, W1) as made:
        yield made


@pytest.fixture
def app(live: tuple[Starlette, httpx.AsyncClient]) -> Starlette:
    return live[0]


@pytest.fixture
def client(live: tuple[Starlette, httpx.AsyncClient]) -> httpx.AsyncClient:
    return live[1]


async def put(client: httpx.AsyncClient, size: int, name: str = W1, **more: Any) -> httpx.Response:
    return await client.put(f"/api/v1/workers/{name}/pool", json={"concurrency": size, **more}, timeout=None)


async def processes(app: Starlette) -> int:
    return len((await inspected(app, W1, "stats"))["pool"]["processes"])


async def test_a_pool_gets_the_size_that_is_asked_for(app: Starlette, client: httpx.AsyncClient, w1: Program) -> None:
    before = await processes(app)

    grown = await put(client, before + 2, expect=before)
    same = await put(client, before + 2)
    shrunk = await put(client, before)

    assert (grown.status_code, same.status_code, shrunk.status_code) == (200, 200, 200)
    assert grown.json() == {
        "worker": W1,
        "pool": "celery.concurrency.prefork:TaskPool",
        "before": before,
        "concurrency": before + 2,
        "wanted": before + 2,
    }
    assert (same.json()["before"], shrunk.json()["concurrency"]) == (before + 2, before)
    assert await processes(app) == before


async def test_two_who_set_it_at_once_do_not_add_up(app: Starlette, client: httpx.AsyncClient, w1: Program) -> None:
    before = await processes(app)

    answers = await asyncio.gather(*(put(client, before + 1) for _ in range(3)))
    after = await processes(app)
    await put(client, before)

    assert [answer.json()["concurrency"] for answer in answers] == [before + 1] * 3
    assert after == before + 1


async def test_what_was_added_a_moment_ago_is_counted(
    app: Starlette, client: httpx.AsyncClient, w1: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefork starts a process some seconds after it has agreed to, and on a busy machine later than it means to."""
    monkeypatch.setattr(pools, "SETTLING", 20.0)
    before = await processes(app)

    await client.post(f"/api/worker/pool/grow/{W1}")
    answer = await put(client, before + 1)
    await put(client, before)

    assert (answer.json()["before"], answer.json()["concurrency"]) == (before + 1, before + 1)


async def test_a_size_that_is_not_reached_in_time_is_202(
    app: Starlette, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fake agrees and never gets there, which no real worker does when it is wanted."""
    monkeypatch.setattr(pools, "LOOKS", 2)
    monkeypatch.setattr(pools, "POLL", 0.0)
    fake = FakeControl()
    fake.replies = {W1: {"stats": {"pool": {"processes": [1, 2]}}, "pool_grow": {"ok": "pool will grow"}}}
    app.state.context.pools._control = fake

    answer = await put(client, 3)

    assert (answer.status_code, answer.json()["concurrency"], answer.json()["wanted"]) == (202, 2, 3)
    assert [commands for commands, _ in fake.asked] == [{"stats"}, {"pool_grow"}, {"stats"}, {"stats"}]


class Starved(FakeControl):
    """A worker that got no CPU since it was told to grow: it starts the process after it has answered some times more.

    No real one can be brought to that at will: its timer has to fall due while it answers.
    """

    def __init__(self, *, deaf: int = 0, late: int = 1) -> None:
        super().__init__()
        self.size, self.wanted, self.deaf, self.late = 2, 2, deaf, late

    @override
    async def ask(self, commands: Mapping[str, Mapping[str, Any]], *_: Any) -> Replies:
        (command,) = commands
        self.asked.append(({command}, None))
        if command != "stats":
            self.wanted += commands[command]["n"]
        if self.deaf:
            self.deaf -= 1
            return {}
        if command != "stats":
            return {W1: {command: {"ok": "pool will grow"}}}
        if self.wanted > self.size:
            self.late -= 1
        told = self.size
        self.size = self.size if self.late else self.wanted
        return {W1: {"stats": {"pool": {"processes": list(range(told))}}}}

    @property
    def grown(self) -> int:
        return sum(commands == {"pool_grow"} for commands, _ in self.asked)


@pytest.mark.parametrize("deaf", [0, 1], ids=["that it told of", "that it was silent to"])
async def test_a_growth_that_shows_late_is_not_done_twice(monkeypatch: pytest.MonkeyPatch, deaf: int) -> None:
    monkeypatch.setattr(pools, "SETTLING", 0.0)
    starved = Starved(deaf=deaf)
    made = Pools(starved)

    await made.change(W1, "pool_grow", 1)
    found = await made.resize(W1, 3, None)

    assert (found.before, found.concurrency, starved.grown) == (3, 3, 1)


async def test_a_size_that_was_not_reached_in_time_is_not_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second PUT comes when the time in which a change shows is over."""
    monkeypatch.setattr(pools, "SETTLING", 0.0)
    monkeypatch.setattr(pools, "LOOKS", 1)
    starved = Starved(late=2)
    made = Pools(starved)

    late = await made.resize(W1, 3, None)
    again = await made.resize(W1, 3, None)

    assert (late.concurrency, again.concurrency, starved.grown) == (2, 3, 1)


async def test_another_size_than_expected_is_left_alone(app: Starlette, client: httpx.AsyncClient, w1: Program) -> None:
    before = await processes(app)

    answer = await put(client, before + 1, expect=before + 5)

    assert (answer.status_code, answer.json()["field"]) == (409, "expect")
    assert await processes(app) == before


async def test_busy_processes_are_not_taken_away(store: StoreFile, redis: RedisServer, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with worker(redis.url, tmp_path, pool="prefork"):
        uuids = [send(redis.url, "hold", str(go)) for _ in range(2)]
        async with monitored(store, redis.url, W1) as (app, client):
            await until_running(app, W1, *uuids)
            answer = await put(client, 1)
        go.touch()

    assert answer.status_code == 409
    assert """ValueError("Can't shrink pool. All processes busy!")""" in answer.json()["detail"]


async def test_a_worker_that_autoscales_is_left_alone(store: StoreFile, redis: RedisServer, tmp_path: Path) -> None:
    with worker(redis.url, tmp_path, pool="prefork", options=("--autoscale", "3,1")):
        async with monitored(store, redis.url, W1) as (_, client):
            answer = await put(client, 2)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:flower-monitor:problem:autoscales")
    assert "not supported with autoscale" in answer.json()["detail"]


async def test_a_pool_that_can_not_change_says_so(store: StoreFile, redis: RedisServer, tmp_path: Path) -> None:
    with worker(redis.url, tmp_path, pool="threads"):
        async with monitored(store, redis.url, W1) as (_, client):
            answer = await put(client, 3)

    assert answer.status_code == 422
    assert "has no attribute 'grow'" in answer.json()["detail"]


async def test_a_worker_that_is_silent_is_504(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.worker("mute@test")
    wait_for_workers(monkeypatch, 0.2)

    assert (await put(client, 3, "mute@test")).status_code == 504


@pytest.mark.parametrize("body", [{}, {"concurrency": 0}, {"concurrency": 10_001}, {"concurrency": 3, "n": 1}])
async def test_a_wrong_body_is_400(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.put(f"/api/v1/workers/{W1}/pool", json=body)).status_code == 400


async def test_a_worker_that_nobody_knows_is_404(store: StoreFile) -> None:
    store.worker(W1)
    async with running(config_for(store.path)) as app, client_of(app) as client:
        app.state.context.inspection._asked_all_at = float("inf")  # the broker is not there to be asked

        assert (await put(client, 3, "nobody@test")).status_code == 404
