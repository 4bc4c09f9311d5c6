"""Flower's search language in `GET /api/v1/tasks?query=` and in what shares its filters."""

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio


@pytest.fixture
def kept(store: StoreFile) -> StoreFile:
    store.add(
        task("pay", name="shop.pay", kwargs="{'order': 4711, 'who': 'Ümit'}", received=1000.0),
        task("mail", name="mail.send", state="FAILURE", args="('a@b.org',)", exception="SMTPError('421 busy')"),
        task("slow", name="shop.report", state="STARTED", worker="w2@other", result=None, received=3000.0),
        task("odd", name="100%_odd", state="HALF-DONE", worker=None, args="('needle\\\\in',)", received=4000.0),
    )
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"pay", "mail", "slow", "odd"}),
        ("shop", {"pay", "slow"}),
        ("SHOP", {"pay", "slow"}),
        ("4711", {"pay"}),
        ("ümit", {"pay"}),
        ("421", {"mail"}),
        ("name:shop state:success", {"pay"}),
        ("name:shop OR state:failure", {"pay", "slow", "mail"}),
        ("(name:shop OR state:failure) worker:other", {"slow"}),
        ("worker:w2@", {"slow"}),
        ("half", {"odd"}),
        ("state:half-done", {"odd"}),
        ("state:half", set()),
        ("kwargs:order=4711", {"pay"}),
        ("kwargs:order=471", set()),
        ('kwargs:"who=ümit"', {"pay"}),
        ("kwargs:4711", {"pay"}),
        ("args:a@b", {"mail"}),
        ("result:shop", set()),
        ("100%_", {"odd"}),
        ("100x", set()),
        ('"needle\\\\\\\\in"', {"odd"}),
        ("nobody", set()),
    ],
)
@pytest.mark.parametrize("sort", ["-received", "name"])
async def test_what_a_query_finds(
    client: httpx.AsyncClient, kept: StoreFile, query: str, expected: set[str], sort: str
) -> None:
    response = await client.get("/api/v1/tasks", params={"query": query, "sort": sort})

    assert {item["uuid"] for item in response.json()["items"]} == expected


async def test_a_query_goes_on_where_a_page_ended(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(*(task(f"t{n}", received=1000.0 + n, args="('odd',)" if n % 2 else "('even',)") for n in range(20)))
    asked: dict[str, str | int] = {"query": "args:odd", "limit": 3}
    found: list[str] = []
    while True:
        page = (await client.get("/api/v1/tasks", params=asked)).json()
        found += [item["uuid"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]

    assert found == [f"t{n}" for n in range(19, 0, -2)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ab", "Substring search terms must contain at least 3 characters at position 0."),
        ("state:FAILURE (", "Expected a search term at position 15."),
        ("one NOT two", "NOT is not supported at position 4."),
    ],
)
async def test_a_query_that_can_not_be_understood_says_where(client: httpx.AsyncClient, query: str, said: str) -> None:
    response = await client.get("/api/v1/tasks", params={"query": query})

    assert response.status_code == 400
    assert (response.json()["field"], response.json()["detail"]) == ("query", said)


async def test_a_bulk_revoke_takes_a_query(client: httpx.AsyncClient, kept: StoreFile) -> None:
    response = await client.post("/api/v1/tasks/revoke", json={"query": "name:shop"})

    assert response.json()["first"] == ["slow"]
