"""`/api/v1/failures/silences`: who may silence what, for how long; and that it outlives the monitor."""

import time
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from flower_monitor.config import User
from flower_monitor.silence import Silence, Silenced
from flower_monitor.store import silences
from flower_monitor.web import silencing
from tests.monitor.program import LOGIN, Monitor, monitor
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_failures import AT, asked, failed
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import RedisServer

PATH = "/api/v1/failures/silences"
KIND: dict[str, Any] = {
    "name": "tasks.add", "exception": "ConnectionError", "file": "/app/shop/orders.py", "function": "place",
}  # fmt: skip
LATER = 4_000_000_000.0
KNOWN = Silence(id="a1", **KIND, reason="known", user="ann", at=AT, until=LATER)


def wanted(**fields: Any) -> dict[str, Any]:
    """What a page sends to silence a group for an hour."""
    return {**KIND, "reason": "a fix is on its way", "until": time.time() + 3600, **fields}


@pytest.mark.anyio
async def test_a_silenced_group_says_who_why_and_until_when(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(failed(AT), failed(AT + 1, name="tasks.other"))
    (group,) = (one for one in (await asked(client))["groups"] if one["name"] == "tasks.add")
    silences.save(store.connection, [Silenced(msgspec.structs.replace(KNOWN, id=group["id"]))])

    found = {group["name"]: group["silence"] for group in (await asked(client))["groups"]}

    assert found["tasks.other"] is None
    told = found["tasks.add"]
    assert (told["user"], told["reason"], told["until"]) == ("ann", "known", LATER)


@pytest.mark.anyio
async def test_the_tasks_of_a_group_are_told_by_their_ids(client: httpx.AsyncClient, store: StoreFile) -> None:
    ours = [failed(AT + number) for number in range(3)]
    store.add(*ours, failed(AT + 9, name="tasks.other"))
    (group,) = (one for one in (await asked(client))["groups"] if one["name"] == "tasks.add")
    query = {"start": AT - 3600, "end": AT + 3600, "most": 2}

    found = (await client.get(f"/api/v1/failures/{group['id']}/tasks", params=query)).json()
    unknown = (await client.get("/api/v1/failures/nothing/tasks", params=query)).json()

    assert found == {"n": 3, "items": [ours[2]["uuid"], ours[1]["uuid"]], "more": False}
    assert unknown == {"n": 0, "items": [], "more": False}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"until": AT - 1e9}, "until"),
        ({"until": LATER}, "until"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"exception": None}, "exception"),
        ({"because": "x"}, "because"),
    ],
)
async def test_what_is_wrong_is_named(client: httpx.AsyncClient, fields: dict[str, Any], field: str) -> None:
    answer = await client.post(PATH, json=wanted(**fields))

    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.anyio
async def test_only_an_operator_may_silence(store: StoreFile) -> None:
    """Who may is told here that there is no ingest to store it."""
    config = config_for(store.path, users=(User("vic", "pw"), User("olga", "pw")),
                        roles={"viewer": ("vic",), "operator": ("olga",)})  # fmt: skip
    async with running(config) as app, client_of(app, None) as client:
        answers = [await client.post(PATH, json=wanted(), auth=(name, "pw")) for name in ("vic", "olga")]

    assert [answer.status_code for answer in answers] == [403, 503]
    assert "ingest" in answers[1].json()["detail"]


@pytest.mark.anyio
async def test_there_is_an_end_to_silences(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silencing, "MOST", 1)
    silences.save(store.connection, [Silenced(KNOWN)])

    answer = await client.post(PATH, json=wanted())

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "too-many")


@pytest.mark.anyio
async def test_what_is_not_silenced_can_not_be_lifted(client: httpx.AsyncClient) -> None:
    answer = await client.delete(f"{PATH}/nothing")

    assert (answer.status_code, answer.json()["field"]) == (404, "group")


def test_a_silence_outlives_the_monitor_and_can_be_lifted(redis: RedisServer, tmp_path: Path) -> None:
    """Through ingest, the only one who writes; and it is in the audit."""
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        made = started.post(PATH, wanted())
        until(lambda: _silenced(started.get(PATH)) == [made["id"]] or None, "it holds")
        until(lambda: _entries(started, 1), "who asked for it is written down")
        started.kill()
        started.restart()
        kept = until(lambda: started.get(PATH), "it is there again")["items"]
        place = f"http://127.0.0.1:{started.port}{PATH}/{made['id']}"
        lifted = httpx.delete(place, auth=LOGIN, timeout=PATIENCE)
        until(lambda: (started.get(PATH) or {}).get("items") == [] or None, "it is lifted")
        audit = until(lambda: _entries(started, 2), "both are in the audit")

    assert kept == [made]
    assert lifted.is_success
    assert [(entry["method"], entry["user"]) for entry in audit] == [("DELETE", LOGIN[0]), ("POST", LOGIN[0])]
    assert "reason=a fix is on its way" in audit[1]["detail"]
    assert audit[0]["outcome"] == "ConnectionError of tasks.add are shown again"


def _silenced(found: Any) -> list[str]:
    return [one["id"] for one in (found or {"items": []})["items"]]


def _entries(started: Monitor, count: int) -> Any:
    """The audit, once it has so many."""
    items = (started.get("/api/v1/audit") or {"items": []})["items"]
    return items if len(items) == count else None
