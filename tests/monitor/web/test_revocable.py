"""Which tasks a bulk revoke is about, and when it is refused."""

from typing import Any

import httpx
import pytest

from flower_monitor.web import revocable
from tests.monitor.web.stores import StoreFile, task
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

URL = "/api/v1/tasks/revoke"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["p", "r", "s", "t", "c"]),
        ({"state": ["received", "SUCCESS"]}, ["r"]),
        ({"state": ["SUCCESS"]}, []),
        ({"state": ["PROGRESS"]}, ["c"]),
        ({"name": "other"}, ["t"]),
        ({"worker": "w2@host"}, ["s"]),
        ({"search": "needle"}, ["r"]),
        ({"received_start": 3000}, ["s", "t", "c"]),
        ({"received_end": 2000.5}, ["p", "r"]),
    ],
)
async def test_the_filters_of_the_list_fit_unfinished_tasks(
    client: httpx.AsyncClient, store: StoreFile, filters: dict[str, Any], found: list[str]
) -> None:
    store.add(
        task("p", state="PENDING", received=1000.0),
        task("r", state="RECEIVED", received=2000.0, args="('needle',)"),
        task("s", state="STARTED", received=3000.0, worker="w2@host"),
        task("t", state="RETRY", received=4000.0, name="other"),
        task("c", state="PROGRESS", received=5000.0),
        *(task(state.lower(), state=state, received=6000.0) for state in ("SUCCESS", "FAILURE", "REVOKED")),
    )

    body = (await client.post(URL, json=filters)).json()

    assert (body["first"], body["matched"], body["more"]) == (found, len(found), False)
    assert (body["dry_run"], body["sent"]) == (True, 0)


async def test_all_pages_are_looked_at(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocable, "TIME", PATIENCE)
    store.add(*(task(f"t{n}", state="RECEIVED", received=1000.0 + n) for n in range(2100)))

    assert (await client.post(URL, json={})).json()["matched"] == 2100


async def test_without_a_dry_run_the_number_is_needed(client: httpx.AsyncClient) -> None:
    response = await client.post(URL, json={"dry_run": False})

    assert (response.status_code, response.json()["field"]) == (400, "expect")


async def test_more_tasks_than_expected_are_not_revoked(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("a", state="RECEIVED"), task("b", state="RECEIVED"))

    response = await client.post(URL, json={"dry_run": False, "expect": 1})

    assert (response.status_code, response.json()["field"]) == (409, "expect")
    assert response.json()["detail"].startswith("2 tasks fit by now, not 1")


async def test_more_than_one_call_takes_are_not_revoked(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocable, "MOST", 1)
    store.add(task("a", state="RECEIVED"), task("b", state="RECEIVED"))

    dry = (await client.post(URL, json={})).json()
    response = await client.post(URL, json={"dry_run": False, "expect": 2})

    assert (dry["matched"], dry["more"]) == (1, True)
    assert response.status_code == 422


async def test_looking_for_too_long_is_given_up(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocable, "TIME", -1.0)
    store.add(*(task(f"t{n}", state="RECEIVED", received=1000.0 + n) for n in range(1001)))

    response = await client.post(URL, json={})

    assert (response.status_code, response.json()["type"]) == (422, "urn:flower-monitor:problem:too-slow")


@pytest.mark.parametrize(
    ("body", "field"), [({"sate": ["x"]}, "sate"), ({"limit": 3}, "limit"), ({"signal": "x"}, "signal")]
)
async def test_a_filter_that_there_is_not_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    """A slip of the keyboard must not make a filter of everything."""
    response = await client.post(URL, json=body)

    assert (response.status_code, response.json()["field"]) == (400, field)


async def test_tasks_are_chosen_by_their_ids(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task("r", state="RECEIVED"), task("s", state="STARTED"), task("d"), task("x", state="RETRY"))

    body = (await client.post(URL, json={"uuids": ["s", "d", "r", "s", "never"]})).json()

    assert (body["first"], body["matched"]) == (["s", "r"], 2)


@pytest.mark.parametrize("wrong", [{"uuids": []}, {"uuids": ["a"], "name": "tasks.add"}])
async def test_ids_are_some_and_stand_alone(client: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    response = await client.post(URL, json=wrong)

    assert (response.status_code, response.json()["field"]) == (400, "uuids")
