"""What scripts read of Flower's own pages: `/tasks/datatable` and `/workers?json=1`."""

from typing import Any

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

PAGE: dict[str, Any] = {
    "draw": 3, "start": 0, "length": 2, "search[value]": "", "order[0][column]": 6, "order[0][dir]": "desc",
    "columns[6][data]": "received",
}  # fmt: skip


@pytest.fixture
def tasks(store: StoreFile) -> StoreFile:
    """Five tasks, the last of which failed."""
    store.add(
        *(task(f"task-{n}", name="shop.pay", received=100.0 + n) for n in range(4)),
        task("task-4", name="shop.pay", received=104.0, state="FAILURE"),
    )
    return store


async def page(client: httpx.AsyncClient, **fields: Any) -> Any:
    """The answer to a request that differs from the usual one."""
    sent = {name: value for name, value in (PAGE | fields).items() if value is not None}
    return (await client.post("/tasks/datatable", data=sent)).json()


def uuids(answer: Any) -> list[str]:
    return [row["uuid"] for row in answer["data"]]


@pytest.mark.usefixtures("tasks")
async def test_a_page_is_as_datatables_wants_it(client: httpx.AsyncClient) -> None:
    answer = await page(client)

    assert uuids(answer) == ["task-4", "task-3"]
    assert {name: answer[name] for name in answer if name != "data"} == {
        "draw": 3,
        "recordsTotal": 5,
        "recordsFiltered": 5,
    }


@pytest.mark.usefixtures("tasks")
async def test_it_can_be_asked_for_by_get_too(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/tasks/datatable", params={name: str(value) for name, value in PAGE.items()})).json()

    assert uuids(answer) == ["task-4", "task-3"]


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"start": 4}, ["task-0"]),
        ({"order[0][dir]": "asc"}, ["task-0", "task-1"]),
        ({"length": -1}, ["task-4", "task-3", "task-2", "task-1", "task-0"]),
        ({"length": 0}, []),
        ({"length": None, "draw": None, "start": None, "order[0][column]": None}, 5),
        ({"search[value]": "state:FAILURE"}, ["task-4"]),
        ({"search[value]": "task-2"}, ["task-2"]),
    ],
)
async def test_what_a_page_holds(client: httpx.AsyncClient, fields: dict[str, Any], found: list[str] | int) -> None:
    answer = uuids(await page(client, **fields))

    assert (len(answer) if isinstance(found, int) else answer) == found


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(("search", "count"), [("state:success", 4), ("shop.pay", 5), ("task-2", 1), ("nothing", 0)])
async def test_what_matches_is_counted_beyond_the_page(client: httpx.AsyncClient, search: str, count: int) -> None:
    assert (await page(client, length=1, **{"search[value]": search}))["recordsFiltered"] == count


async def test_a_count_that_is_not_all_says_so(
    client: httpx.AsyncClient, tasks: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flower_monitor.web.flower.datatable.COUNTED", 3)

    answer = await page(client, **{"search[value]": "shop.pay"})

    assert (answer["recordsFiltered"], answer["recordsFilteredAtLeast"]) == (3, True)


@pytest.mark.usefixtures("tasks")
async def test_a_search_that_is_wrong_is_told_as_flower_does(client: httpx.AsyncClient) -> None:
    answer = await page(client, **{"search[value]": "ab"})

    assert (answer["data"], answer["recordsFiltered"], answer["recordsTotal"]) == ([], 0, 5)
    assert answer["searchError"] == "Substring search terms must contain at least 3 characters at position 0."


@pytest.mark.parametrize(("field", "value"), [("start", "x"), ("length", "1.5"), ("columns[6][data]", "args")])
async def test_what_is_wrong_with_a_request_is_told(client: httpx.AsyncClient, field: str, value: str) -> None:
    response = await client.post("/tasks/datatable", data=PAGE | {field: value})

    assert response.status_code == 400
    assert value in response.text


@pytest.mark.parametrize("path", ["/workers?json=1", "/tasks/datatable"])
async def test_their_content_type_is_flowers(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.headers["content-type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize("path", ["/workers?json=1", "/?json=true"])
async def test_workers_as_json(client: httpx.AsyncClient, store: StoreFile, path: str) -> None:
    store.worker("w1@host", counters='{"task-received": 7}', last_heartbeat=5.5)

    (row,) = (await client.get(path)).json()["data"]

    assert row == {
        "task-received": 7, "hostname": "w1@host", "pid": 7, "freq": 2.0, "clock": 1, "active": 0, "processed": 0,
        "loadavg": [0.1, 0.2, 0.3], "sw_ident": "py-celery", "sw_ver": "5.7.0", "sw_sys": "Linux",
        "heartbeats": [5.5], "status": True,
    }  # fmt: skip
