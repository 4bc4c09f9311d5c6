"""`GET /api/v1/task-export`: the tasks of a list as a file."""

import csv
import io
import json

import httpx
import pytest

from flower_monitor.web.v1 import export
from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

URL = "/api/v1/task-export"


async def rows(client: httpx.AsyncClient, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((await client.get(f"{URL}?{query}")).text)))


async def test_csv_has_a_line_for_each_task(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one", received=1000.0, args="('a, b', \"c\")"), task("two", received=2000.0))

    found = await rows(client)

    assert [(row["uuid"], row["args"]) for row in found] == [("two", "(3, 4)"), ("one", "('a, b', \"c\")")]


async def test_json_lines_are_what_the_list_has(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one"), task("two"))

    lines = (await client.get(f"{URL}?format=jsonl")).text.splitlines()

    assert [json.loads(line) for line in lines] == (await client.get("/api/v1/tasks")).json()["items"]


async def test_the_filters_of_the_list_hold(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("ok"), task("bad", state="FAILURE"), task("other", state="FAILURE", name="other"))

    assert [row["uuid"] for row in await rows(client, "state=FAILURE&query=name:tasks")] == ["bad"]


async def test_columns_are_chosen_in_their_order(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("one"))

    assert (await client.get(f"{URL}?columns=state&columns=uuid")).text == "state,uuid\r\nSUCCESS,one\r\n"


async def test_a_field_that_is_not_there_is_named(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{URL}?columns=colour")

    assert (response.status_code, response.json()["field"]) == (400, "columns")


async def test_a_query_that_can_not_be_understood_is_no_file(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{URL}?query=(")

    assert (response.status_code, response.json()["field"]) == (400, "query")


async def test_all_pages_are_in_it_up_to_the_limit(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(*(task(f"t{n}", received=1000.0 + n) for n in range(2500)))

    assert [row["uuid"] for row in await rows(client, "limit=2200")] == [f"t{n}" for n in range(2499, 299, -1)]


async def test_no_file_is_longer_than_the_most(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{URL}?limit={export.MOST + 1}")).status_code == 400


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)"])
async def test_what_a_spreadsheet_would_run_is_only_text_to_it(
    client: httpx.AsyncClient, store: StoreFile, text: str
) -> None:
    store.add(task("one", name=text))

    assert [row["name"] for row in await rows(client)] == [f"'{text}"]


async def test_it_is_saved_and_not_shown(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{URL}?format=jsonl")

    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["content-type"] == "application/jsonl; charset=utf-8"
