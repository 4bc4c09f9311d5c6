"""`/api/v1/me` and `/api/v1/worker-pools`: what pages show by."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.config import User
from flower_monitor.web.v1.worker_pools import pools
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import FakeControl

pytestmark = pytest.mark.anyio

ROLES = {"viewer": ("vera",), "operator": ("otto",), "admin": ("ann",)}
USERS = tuple(User(name, "pw") for name in ("vera", "otto", "ann"))


@pytest.mark.parametrize(
    ("name", "role", "may"),
    [
        ("vera", "viewer", ["view"]),
        ("otto", "operator", ["view", "control", "publish"]),
        ("ann", "admin", ["view", "control", "publish", "administer"]),
    ],
)
async def test_one_is_told_what_one_may(tmp_path: Path, name: str, role: str, may: list[str]) -> None:
    config = config_for(tmp_path / "none.sqlite3", users=USERS, roles=ROLES)
    async with running(config) as app, client_of(app, None) as client:
        body = (await client.get("/api/v1/me", auth=(name, "pw"))).json()

    assert (body["name"], body["role"], body["may"], body["read_only"]) == (name, role, may, False)


async def test_who_may_the_rest_is_told_too(client: httpx.AsyncClient) -> None:
    body = (await client.get("/api/v1/me")).json()

    assert body["needs"] == {"view": "viewer", "control": "operator", "publish": "operator", "administer": "admin"}


async def test_read_only_is_told(tmp_path: Path) -> None:
    async with running(config_for(tmp_path / "s.sqlite3", read_only=True)) as app, client_of(app) as client:
        assert (await client.get("/api/v1/me")).json()["read_only"] is True


async def test_a_stranger_is_told_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/api/v1/me")).status_code == 401


async def test_pools_are_asked_for_once(app: Starlette, client: httpx.AsyncClient, store: StoreFile) -> None:
    control = FakeControl()
    stats = {"pool": {"implementation": "a.b:TaskPool", "max-concurrency": 2, "processes": [1, 2, 3]}}
    control.replies = {"w1@host": {"stats": stats, "active_queues": [{"name": "b"}, {"name": "a"}]}}
    app.state.context.inspection._control = control
    store.worker("w1@host")

    for _ in range(2):
        (pool,) = (await client.get("/api/v1/worker-pools")).json()["items"]

    assert len(control.asked) == 1
    assert (pool["hostname"], pool["pool"], pool["concurrency"]) == ("w1@host", "a.b:TaskPool", 3)
    assert (pool["autoscales"], pool["queues"]) == (False, ["a", "b"])


def test_a_worker_that_told_nothing_of_its_pool_is_left_out() -> None:
    assert pools({"w1@host": {"timestamp": 1.0, "conf": {}}}, 2.0) == []
