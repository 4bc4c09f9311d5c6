"""`/api/tasks`, `/api/task/info/{id}`, `/api/task/types`: Flower's bodies, without its crashes."""

import json
from typing import Any

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

KEYS = [
    "uuid", "name", "state", "received", "sent", "started", "rejected", "succeeded", "failed", "retried", "revoked",
    "args", "kwargs", "eta", "expires", "retries", "worker", "result", "exception", "timestamp", "runtime", "traceback",
    "exchange", "routing_key", "clock", "client", "root", "root_id", "parent", "parent_id", "children",
]  # fmt: skip

UUID = "09071111-2222-4333-8444-555555555555"

GOLDEN: dict[str, Any] = {
    "uuid": UUID, "name": "tasks.add", "state": "SUCCESS", "received": 1795251117.6250596, "sent": 1795251117.6247854,
    "started": 1795251117.6265125, "rejected": None, "succeeded": 1795251117.6298258, "failed": None, "retried": None,
    "revoked": None, "args": "[3, 4]", "kwargs": "{}", "eta": None, "expires": None, "retries": 0, "worker": "w1@host",
    "result": "7", "exception": None, "timestamp": 1795251117.6298258, "runtime": 0.0023791329999767186,
    "traceback": None, "exchange": "", "routing_key": "celery", "clock": 115, "client": "gen12952@vm", "root": UUID,
    "root_id": UUID, "parent": None, "parent_id": None, "children": [],
}  # fmt: skip


def golden_task() -> dict[str, Any]:
    """The task of Flower's golden body, as it is stored."""
    times = {key: GOLDEN[key] for key in ("received", "sent", "started", "succeeded", "runtime")}
    return task(UUID, at=times["received"], ts=GOLDEN["timestamp"], args="[3, 4]", client="gen12952@vm", **times)


async def test_the_golden_body_of_a_task(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(golden_task())

    response = await client.get(f"/api/task/info/{UUID}")

    assert response.json() == GOLDEN
    assert list(response.json()) == KEYS
    assert response.headers["content-type"] == "application/json; charset=UTF-8"


async def test_the_list_is_an_object_by_uuid_with_worker_last(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(golden_task())

    body = (await client.get("/api/tasks")).json()

    assert body == {UUID: GOLDEN}
    assert list(body[UUID]) == [*(key for key in KEYS if key != "worker"), "worker"]


async def test_an_unknown_worker_is_null_in_info_and_absent_in_the_list(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    store.add(task("one", worker=None))

    assert (await client.get("/api/task/info/one")).json()["worker"] is None
    assert "worker" not in (await client.get("/api/tasks")).json()["one"]


@pytest.mark.parametrize(
    "state", ["PENDING", "RECEIVED", "STARTED", "FAILURE", "RETRY", "REVOKED", "REJECTED", "PROGRESS"]
)
async def test_every_state_is_shown_by_its_name(client: httpx.AsyncClient, store: StoreFile, state: str) -> None:
    store.add(task("one", state=state))

    assert (await client.get("/api/task/info/one")).json()["state"] == state


async def test_a_task_without_name_and_times_has_nulls(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one", name=None, received=None, state="PENDING", root=None, client=None))

    body = (await client.get("/api/task/info/one")).json()

    assert list(body) == KEYS
    assert [key for key in ("name", "received", "started", "root", "client") if body[key] is not None] == []


@pytest.mark.parametrize("task_id", ["none", "a/b", "<script>alert(1)</script>"])
async def test_an_unknown_task_is_named_as_plain_text(client: httpx.AsyncClient, task_id: str) -> None:
    """D5 and D10: Flower 2.1 sends nothing, and older ones the name as HTML."""
    response = await client.get(f"/api/task/info/{task_id}")

    assert (response.status_code, response.text) == (404, f"Unknown task '{task_id}'")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_types_are_sorted(client: httpx.AsyncClient, store: StoreFile) -> None:
    for name in ("unknown.task", "tasks.add"):
        store.count_events("w1@host", "task-received", name, 1)

    assert (await client.get("/api/task/types")).json() == {"task-types": ["tasks.add", "unknown.task"]}


@pytest.fixture
def some(store: StoreFile) -> StoreFile:
    """Four tasks; the order of their last events is not that of their arrival."""
    store.add(
        task("a", received=1795253400.0, ts=1795253900.0, name="tasks.add", worker="w1@host"),
        task("b", received=1795253460.0, ts=1795253600.0, name="Tasks.Mul", worker="W2@host", state="FAILURE"),
        task("c", received=1795253520.0, ts=1795253700.0, name="tasks.add", state="STARTED", kwargs="{'k': 'needle'}"),
        task("d", received=None, at=1795253580.0, ts=1795253800.0, name=None, worker=None, state="PENDING"),
    )
    store.worker("w1@host")
    store.worker("W2@host")
    for name in ("tasks.add", "Tasks.Mul"):
        store.count_events("w1@host", "task-received", name, 1)
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "adcb"),
        ("limit=2", "ad"),
        ("limit=2&offset=1", "dc"),
        ("limit=0", ""),
        ("limit=-3", ""),
        ("offset=-1", "adcb"),
        ("offset=9", ""),
        ("offset=3", "b"),
        ("sort_by=received&limit=2", "ab"),
        ("sort_by=-received&taskname=tasks.add", "ca"),
        ("sort_by=--received&taskname=tasks.add", "ca"),
        ("sort_by=name&limit=1", "d"),
        ("sort_by=state", "bdca"),
        ("sort_by=", "adcb"),
        ("taskname=All&workername=All&state=All", "adcb"),
        ("taskname=TASKS.MUL", "b"),
        ("taskname=tasks", ""),
        ("workername=w2@HOST", "b"),
        ("state=failure", "b"),
        ("state=nonsense", ""),
        ("received_start=2026-11-21 09:31", "cb"),
        ("received_end=2026-11-21 09:31", "ab"),
        ("received_start=2026-11-21T09:31:00Z&received_end=2026-11-21T09:31:00Z", "b"),
        ("search=needle", "c"),
        ("search=kwargs:k=needle", "c"),
        ("search=state:FAILURE OR needle", "cb"),
        ("search=w2@host", "b"),
        ("search=pending", "d"),
        ("search=tasks&limit=1", "a"),
        ("search=tasks&limit=1&offset=1", "c"),
        ("search=state:STARTED&state=FAILURE", ""),
        ("unknown=parameter", "adcb"),
    ],
)
async def test_filters_sorts_and_pages(client: httpx.AsyncClient, some: StoreFile, query: str, expected: str) -> None:
    response = await client.get(f"/api/tasks?{query}")

    assert response.status_code == 200, response.text
    assert "".join(response.json()) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("limit=x", "Invalid argument 'x' of type 'int': limit takes a whole number"),
        ("offset=x", "Invalid argument 'x' of type 'int': offset takes a whole number"),
        (
            "sort_by=color",
            "Invalid sort_by 'color', expected one of name, received, runtime, started, state, timestamp, worker",
        ),
        (
            "received_start=yesterday",
            "Invalid received_start 'yesterday', expected format 'YYYY-MM-DD HH:MM' (UTC) or ISO 8601",
        ),
    ],
)
async def test_what_crashes_flower_is_a_400(client: httpx.AsyncClient, query: str, text: str) -> None:
    """D9: 500 in Flower 2.1."""
    response = await client.get(f"/api/tasks?{query}")

    assert (response.status_code, response.text) == (400, text)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_bad_search_is_flowers_400(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/tasks?search=ab")

    assert response.status_code == 400
    assert response.json() == {"error": "Substring search terms must contain at least 3 characters at position 0."}


@pytest.mark.parametrize("query", ["", "limit=2500"])
async def test_a_list_without_bound_is_complete_and_in_order(
    client: httpx.AsyncClient, store: StoreFile, query: str
) -> None:
    store.add(*(task(f"t{n:04}", received=1000.0 + n) for n in range(2500)))

    body = (await client.get(f"/api/tasks?{query}")).json()

    assert list(body) == [f"t{n:04}" for n in reversed(range(2500))]


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks?limit=600", "/api/task/types", "/api/task/info/t0001"])
async def test_bodies_have_the_blanks_that_scripts_grep_for(
    client: httpx.AsyncClient, store: StoreFile, path: str
) -> None:
    store.add(*(task(f"t{n:04}", received=1000.0 + n, args="[1,2]") for n in range(1100)))

    response = await client.get(path)

    assert response.text == json.dumps(response.json())


async def test_an_empty_list_is_an_empty_object(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/tasks")).text == "{}"


async def test_an_answer_that_the_client_has_is_304(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one"))
    first = await client.get("/api/tasks?limit=10")

    again = await client.get("/api/tasks?limit=10", headers={"If-None-Match": first.headers["etag"]})
    store.add(task("two"))
    changed = await client.get("/api/tasks?limit=10", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


async def test_an_answer_of_which_the_client_has_any_is_304(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/tasks?limit=10", headers={"If-None-Match": "*"})

    assert (answer.status_code, answer.content) == (304, b"")
