"""`GET /api/v1/me`: what a page needs to show who its reader is, and who may what."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_monitor.config import User
from tests.monitor.web.apps import client_of, config_for, running

pytestmark = pytest.mark.anyio


async def me(path: Path, name: str = "ann", **fields: Any) -> Any:
    roles = {"viewer": ["vic"], "operator": ["otto"], "admin": ["ann"]}
    users = tuple(User(one, "x") for one in ("vic", "otto", "ann"))
    config = config_for(path / "s", users=users, roles=roles, **fields)
    async with running(config) as app, client_of(app, httpx.BasicAuth(name, "x")) as client:
        return (await client.get("/api/v1/me")).json()


@pytest.mark.parametrize(
    ("name", "role", "permissions"),
    [
        ("vic", "viewer", ["view", "autoscale:read"]),
        ("otto", "operator", ["view", "autoscale:read", "drain", "control", "publish"]),
        ("ann", "admin", ["view", "autoscale:read", "drain", "control", "publish", "administer"]),
    ],
)
async def test_each_role_learns_what_it_may(tmp_path: Path, name: str, role: str, permissions: list[str]) -> None:
    found = await me(tmp_path, name)

    assert (found["name"], found["role"], found["permissions"]) == (name, role, permissions)


async def test_who_may_not_learns_who_may(tmp_path: Path) -> None:
    found = await me(tmp_path, "vic")

    assert found["holders"] == {
        "view": "viewer",
        "autoscale:read": "viewer",
        "drain": "operator",
        "control": "operator",
        "publish": "operator",
        "administer": "admin",
    }


@pytest.mark.parametrize("value", [True, False])
async def test_read_only_mode_is_told(tmp_path: Path, value: bool) -> None:
    assert (await me(tmp_path, read_only=value))["read_only"] is value


async def test_a_password_is_no_session(tmp_path: Path) -> None:
    assert (await me(tmp_path))["session"] is False


async def test_without_a_result_backend_there_are_no_results(tmp_path: Path) -> None:
    assert (await me(tmp_path))["results"] is False


async def test_a_stranger_learns_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/api/v1/me")).status_code == 401
