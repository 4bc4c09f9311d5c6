"""`/api/v1/task-histogram`: the tasks of the list, counted by the time received."""

from typing import Any

import httpx
import pytest

from flower_monitor.store import histogram
from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

NOON = 1_800_014_400
HOUR = {"received_start": NOON, "received_end": NOON + 3600}


async def asked(client: httpx.AsyncClient, **parameters: Any) -> Any:
    answer = await client.get("/api/v1/task-histogram", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(body: Any) -> dict[int, tuple[int, int]]:
    """Tasks and failed ones of the steps that have some, by minutes from noon."""
    return {(bar["start"] - NOON) // 60: (bar["n"], bar["failed"]) for bar in body["points"] if bar["n"]}


async def test_an_hour_is_told_in_minutes_with_what_failed(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(
        task(received=NOON + 1.0), task(received=NOON + 59.0, state="FAILURE"), task(received=NOON + 600.0),
        task(received=NOON - 1.0),
    )  # fmt: skip

    body = await asked(client, **HOUR)

    assert (body["start"], body["end"], body["step"]) == (NOON, NOON + 3600, 60)
    assert [bar["start"] for bar in body["points"]] == list(range(NOON, NOON + 3600, 60))
    assert counts(body) == {0: (2, 1), 10: (1, 0)}


async def test_both_ends_of_the_range_belong_to_it_as_in_the_list(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=NOON + 30.0), task(received=NOON + 90.0), task(received=NOON + 29.0))

    body = await asked(client, received_start=NOON + 30, received_end=NOON + 90)

    assert sum(n for n, _ in counts(body).values()) == 2


async def test_what_was_only_sent_is_in_none_of_it(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=NOON + 1.0), task(received=None, state="PENDING", at=NOON + 2.0))

    assert counts(await asked(client, **HOUR)) == {0: (1, 0)}
    assert counts(await asked(client, **HOUR, name="tasks.add")) == {0: (1, 0)}
    assert counts(await asked(client, **HOUR, state="PENDING")) == {}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"state": "success"}, (3, 0)),
        ({"state": "FAILURE"}, (2, 2)),
        ({"state": ["FAILURE", "SUCCESS"]}, (5, 2)),
        ({"state": "NO_SUCH"}, None),
        ({"name": "tasks.add"}, (3, 1)),
        ({"name": "tasks.add", "worker": "w2@host"}, (2, 1)),
        ({"name": "tasks.add", "worker": "w2@host", "state": "SUCCESS"}, (1, 0)),
        ({"name": "no.such"}, None),
    ],
)
async def test_filters_are_those_of_the_list(
    client: httpx.AsyncClient, store: StoreFile, filters: dict[str, Any], found: tuple[int, int] | None
) -> None:
    store.add(
        task(received=NOON + 1.0), task(received=NOON + 2.0, worker="w2@host"),
        task(received=NOON + 3.0, worker="w2@host", state="FAILURE"),
        task(received=NOON + 4.0, name="tasks.tidy"), task(received=NOON + 5.0, name="tasks.tidy", state="FAILURE"),
    )  # fmt: skip

    body = await asked(client, **HOUR, **filters)

    assert counts(body) == ({} if found is None else {0: found})
    items = (await client.get("/api/v1/tasks", params={**HOUR, **filters})).json()["items"]
    assert len(items) == (found or (0, 0))[0]


async def test_without_a_start_it_begins_with_the_oldest(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=NOON + 600.0), task(received=NOON + 1200.0, name="tasks.tidy"))

    whole = await asked(client, received_end=NOON + 3600)
    one = await asked(client, received_end=NOON + 3600, name="tasks.tidy")

    assert (whole["start"], one["start"]) == (NOON + 600, NOON + 1200)


async def test_what_was_only_sent_long_ago_makes_it_no_longer(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=NOON + 600.0), task(received=None, state="PENDING", at=NOON - 9e5))

    whole = await asked(client, received_end=NOON + 3600)
    one = await asked(client, received_end=NOON + 3600, name="tasks.add")

    assert (whole["start"], one["start"]) == (NOON + 600, NOON + 600)


async def test_a_store_with_nothing_is_an_empty_hour(client: httpx.AsyncClient) -> None:
    body = await asked(client)

    assert body["end"] - body["start"] >= 3600
    assert {(bar["n"], bar["failed"]) for bar in body["points"]} == {(0, 0)}


async def test_a_range_that_ends_before_it_starts_has_nothing(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=float(NOON)))

    assert counts(await asked(client, received_start=NOON + 60, received_end=NOON)) == {}


async def test_of_too_many_the_newest_are_counted(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histogram, "MOST", 5)
    store.add(*(task(received=NOON + 60.0 * minute) for minute in range(10)))

    body = await asked(client, received_start=NOON, received_end=NOON + 599)

    assert [bar["n"] for bar in body["points"]] == [None] * 5 + [1] * 5
    assert body["counted_from"] == NOON + 300


async def test_there_are_no_more_steps_than_asked_for(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(received=float(NOON)))

    body = await asked(client, received_start=0, received_end=3 * NOON, points=12)

    assert len(body["points"]) <= 12
    assert sum(bar["n"] for bar in body["points"]) == 1


@pytest.mark.parametrize(("query", "field"), [("points=1", "points"), ("query=abc", "query"), ("search=a", "search")])
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/api/v1/task-histogram?{query}")

    assert (answer.status_code, answer.json()["field"]) == (400, field)
