"""`/api/v1/tasks`, `/tasks/{uuid}`, `/task-names`, `/workers`."""

from typing import Any

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

KEYS = [
    "uuid", "name", "state", "worker", "queue", "received", "sent", "started", "succeeded", "failed", "retried",
    "revoked", "rejected", "runtime", "timestamp", "args", "kwargs", "result", "exception", "retries", "eta", "expires",
    "exchange", "routing_key", "root_id", "parent_id", "client", "clock", "cut", "verdict",
]  # fmt: skip


async def uuids(client: httpx.AsyncClient, query: str = "") -> list[str]:
    response = await client.get(f"/api/v1/tasks?{query}")
    assert response.status_code == 200, response.text
    return [item["uuid"] for item in response.json()["items"]]


async def test_a_task_has_all_its_keys(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one"))

    (item,) = (await client.get("/api/v1/tasks")).json()["items"]

    assert list(item) == KEYS


async def test_what_is_not_known_is_null(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one", name=None, worker=None, received=None, state="PENDING", client=None, queue=None))

    (item,) = (await client.get("/api/v1/tasks")).json()["items"]

    assert [key for key in ("name", "worker", "received", "started", "client", "queue") if item[key] is not None] == []


@pytest.mark.parametrize("path", ["tasks/{}", "tasks/{}/call", "workflows/{}"])
async def test_an_id_may_have_slashes(client: httpx.AsyncClient, store: StoreFile, path: str) -> None:
    """Whoever sends a task may choose its id, as `invoices/2026/7`."""
    store.add(task("invoices/2026/7"))

    answer = await client.get(f"/api/v1/{path.format('invoices%2F2026%2F7')}")

    assert answer.status_code == 200, answer.text
    assert "invoices/2026/7" in answer.text


async def test_a_result_is_asked_for_by_an_id_with_slashes(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/tasks/invoices%2F2026%2F7/result")

    assert "This monitor has no result backend" in answer.text


async def test_a_task_without_an_id_is_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/tasks/")).status_code == 404


async def test_no_id_is_no_task_to_revoke(client: httpx.AsyncClient) -> None:
    """A script whose variable is empty asks so; no worker is told."""
    assert (await client.post("/api/v1/tasks//revoke", json={})).status_code == 400


async def test_the_newest_come_first(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("old", received=1000.0), task("new", received=2000.0))

    assert await uuids(client) == ["new", "old"]


async def test_pages_follow_each_other_without_gap_or_repetition(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(*(task(f"t{n}", received=1000.0 + n // 2) for n in range(25)))
    found, cursor = [], ""
    while cursor is not None:
        body = (
            await client.get(f"/api/v1/tasks?limit=10&cursor={cursor}" if cursor else "/api/v1/tasks?limit=10")
        ).json()
        found += [item["uuid"] for item in body["items"]]
        cursor = body["next_cursor"]

    assert sorted(found) == sorted(f"t{n}" for n in range(25))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=FAILURE", ["fail"]),
        ("state=failure", ["fail"]),
        ("state=FAILURE&state=RETRY", ["retry", "fail"]),
        ("state=PROGRESS", ["custom"]),
        ("state=NEVER", []),
        ("name=tasks.err", ["fail"]),
        ("worker=w2@host", ["retry"]),
        ("search=needle", ["fail"]),
        ("search=", ["custom", "retry", "fail", "ok"]),
        ("received_start=3000", ["custom", "retry"]),
        ("received_end=1000", ["ok"]),
        ("received_start=2000&received_end=2000", ["fail"]),
        ("sort=received", ["ok", "fail", "retry", "custom"]),
        ("sort=-name&limit=1", ["fail"]),
    ],
)
async def test_filters_and_sorts(client: httpx.AsyncClient, store: StoreFile, query: str, expected: list[str]) -> None:
    store.add(
        task("ok", received=1000.0),
        task("fail", received=2000.0, state="FAILURE", name="tasks.err", exception="KeyError('a Needle')"),
        task("retry", received=3000.0, state="RETRY", worker="w2@host"),
        task("custom", received=4000.0, state="PROGRESS"),
    )

    assert await uuids(client, query) == expected


@pytest.mark.parametrize(
    ("query", "field", "fix"),
    [
        ("limit=0", "limit", "a whole number from 1 to 1000"),
        ("limit=1001", "limit", "a whole number from 1 to 1000"),
        ("limit=x", "limit", "a whole number from 1 to 1000"),
        ("sort=color", "sort", "one of -name, "),
        ("sort=", "sort", "one of -name, "),
        ("received_start=yesterday", "received_start", "a number from"),
        ("received_end=nan", "received_end", "a number from"),
        ("cursor=%%%", "cursor", "leave it out to start at the first page"),
        ("cursor=abcd", "cursor", "leave it out to start at the first page"),
        ("limit=", "limit", "a whole number from 1 to 1000"),
        ("stat=FAILURE", "stat", "Unknown parameter 'stat'"),
        ("search=" + "x" * 2049, "search", "at most 2048 characters"),
        ("state=" + "x" * 256, "state", "at most 255 characters"),
        ("&".join(["state=S"] * 51), "state", "a list of at most 50"),
    ],
)
async def test_a_bad_parameter_is_a_400_that_names_it(
    client: httpx.AsyncClient, query: str, field: str, fix: str
) -> None:
    response = await client.get(f"/api/v1/tasks?{query}")

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["field"] == field
    assert fix in body["detail"]


@pytest.mark.parametrize("text", ["%00", "';drop table task;--", "%F0%9F%8C%BB", "%25_%5C", "%FF%FE"])
async def test_no_text_to_search_for_is_a_crash(client: httpx.AsyncClient, store: StoreFile, text: str) -> None:
    store.add(task("one"))

    assert (await client.get(f"/api/v1/tasks?search={text}")).status_code == 200


async def test_one_task_has_its_traceback_history_and_children(client: httpx.AsyncClient, store: StoreFile) -> None:
    parent = "11111111-2222-4333-8444-555555555555"
    child = "aaaaaaaa-2222-4333-8444-555555555555"
    store.add(task(parent, traceback="Traceback: x"), task(child, root=parent, parent=parent))

    body = (await client.get(f"/api/v1/tasks/{parent}")).json()

    assert body["traceback"] == "Traceback: x"
    assert body["history"] == [
        {"type": "task-received", "timestamp": 1795251117.5, "worker": "w1@host", "fields": None}
    ]
    assert body["progress"] is None
    assert body["children"] == [child]


async def test_what_a_custom_event_told_is_in_the_history(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one", history=[("task-received", "w1@host", 10.0), ("task-progress", "w1@host", 11.0)]))
    store.tell("one", "task-progress", "w1@host", 11.0, {"current": 3, "total": 10, "note": "so far"})

    body = (await client.get("/api/v1/tasks/one")).json()

    assert [entry["fields"] for entry in body["history"]] == [None, {"current": 3, "total": 10, "note": "so far"}]
    assert body["progress"] == {"current": 3.0, "total": 10.0, "percent": 30.0}


async def test_an_unknown_task_is_a_problem(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/tasks/nobody")

    assert response.status_code == 404
    assert response.json()["field"] == "uuid"


async def test_names_of_tasks_are_sorted(client: httpx.AsyncClient, store: StoreFile) -> None:
    for name in ("b", "a"):
        store.count_events("w1@host", "task-received", name, 1)

    assert (await client.get("/api/v1/task-names")).json() == {"items": ["a", "b"]}


async def test_workers_are_listed_by_name(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.worker("b@host", state="lost", counters='{"worker-heartbeat":3}')
    store.worker("a@host", task_events=0, loadavg=None)

    first, second = (await client.get("/api/v1/workers")).json()["items"]

    assert (first["hostname"], first["task_events"], first["loadavg"]) == ("a@host", False, None)
    assert (second["state"], second["counters"]) == ("lost", {"worker-heartbeat": 3})


async def test_an_answer_is_json_of_utf_8(client: httpx.AsyncClient, store: StoreFile) -> None:
    fields: dict[str, Any] = {"args": "('Grüße 🌻',)"}
    store.add(task("one", **fields))

    (item,) = (await client.get("/api/v1/tasks")).json()["items"]

    assert item["args"] == fields["args"]
