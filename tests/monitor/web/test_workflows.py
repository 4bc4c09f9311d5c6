"""`/api/v1/workflows/{root_id}`: the tasks of one root."""

from typing import Any

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

ROOT = "11111111-2222-4333-8444-555555555555"


def child(uuid: str, parent: str = ROOT, root: str = ROOT, **fields: Any) -> dict[str, Any]:
    """A task that another sent."""
    return task(uuid, root=root, parent=parent, **fields)


async def test_a_workflow_is_all_tasks_of_its_root(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("other"), task(ROOT, name="shop.order"), child("a"), child("b", parent="a"))

    body = (await client.get(f"/api/v1/workflows/{ROOT}")).json()

    assert {key: body[key] for key in ("root_id", "name", "more")} == {
        "root_id": ROOT, "name": "shop.order", "more": False,
    }  # fmt: skip
    assert [(item["uuid"], item["parent_id"]) for item in body["items"]] == [(ROOT, None), ("a", ROOT), ("b", "a")]


async def test_a_task_of_a_workflow_has_its_times(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(ROOT, received=1000.0, sent=999.0, retries=2))

    (item,) = (await client.get(f"/api/v1/workflows/{ROOT}")).json()["items"]

    assert item == {
        "uuid": ROOT, "name": "tasks.add", "state": "SUCCESS", "parent_id": None, "worker": "w1@host", "sent": 999.0,
        "received": 1000.0, "started": 1000.25, "ended": 1001.0, "runtime": 0.5, "retries": 2, "verdict": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "ended"), [("SUCCESS", 1.0), ("FAILURE", 2.0), ("REVOKED", 3.0), ("REJECTED", 4.0), ("STARTED", None)]
)
async def test_a_task_ended_when_its_state_came(
    client: httpx.AsyncClient, store: StoreFile, state: str, ended: float | None
) -> None:
    store.add(task(ROOT, state=state, succeeded=1.0, failed=2.0, revoked=3.0, rejected=4.0))

    (item,) = (await client.get(f"/api/v1/workflows/{ROOT}")).json()["items"]

    assert item["ended"] == ended


async def test_what_was_found_out_of_a_task_is_told(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(ROOT), child("gone", state="STARTED", ts=7.0), child("newer", state="STARTED", ts=9.0))
    for number, ts in ((2, 7.0), (3, 8.0)):
        store.insert("verdict", {"task": number, "ts": ts, "verdict": "lost", "why": "", "evidence": "[]", "at": 8.0})

    items = (await client.get(f"/api/v1/workflows/{ROOT}")).json()["items"]

    assert {item["uuid"]: item["verdict"] for item in items} == {ROOT: None, "gone": "lost", "newer": None}


async def test_an_id_of_ones_own_can_be_the_root(client: httpx.AsyncClient, store: StoreFile) -> None:
    """Celery's `task_id=` may be any text."""
    store.add(task("order-4711"), child("a", root="order-4711"))

    body = (await client.get("/api/v1/workflows/order-4711")).json()

    assert [item["uuid"] for item in body["items"]] == ["order-4711", "a"]


async def test_a_workflow_outlives_its_first_task(client: httpx.AsyncClient, store: StoreFile) -> None:
    """The retention may have taken it."""
    store.add(child("a"))

    body = (await client.get(f"/api/v1/workflows/{ROOT}")).json()

    assert (body["name"], [item["uuid"] for item in body["items"]]) == (None, ["a"])


@pytest.mark.parametrize(("limit", "more"), [(2, True), (3, False)])
async def test_more_tasks_than_the_limit_are_told(
    client: httpx.AsyncClient, store: StoreFile, limit: int, more: bool
) -> None:
    store.add(task(ROOT), child("a"), child("b"))

    body = (await client.get(f"/api/v1/workflows/{ROOT}?limit={limit}")).json()

    assert (len(body["items"]), body["more"]) == (limit, more)


async def test_a_root_of_nothing_is_a_problem(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/api/v1/workflows/{ROOT}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.json()["type"], response.json()["field"]) == (
        "urn:flower-monitor:problem:unknown-workflow",
        "root_id",
    )


async def test_who_asks_for_another_task_is_told_the_root(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(ROOT), child("a"))

    response = await client.get("/api/v1/workflows/a")

    assert response.status_code == 404
    assert ROOT in response.json()["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=20001", "limit=many", "cursor=x"])
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: str) -> None:
    response = await client.get(f"/api/v1/workflows/{ROOT}?{query}")

    assert (response.status_code, response.json()["field"]) == (400, query.split("=")[0])


async def test_a_stranger_sees_no_workflow(stranger: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(ROOT))

    assert (await stranger.get(f"/api/v1/workflows/{ROOT}")).status_code == 401
