"""`/api/v1/history`: a range in equal steps, from rollups of any age."""

import time
from typing import Any

import httpx
import msgspec
import pytest

from flower_monitor import sketch
from flower_monitor.constants import State
from flower_monitor.store import history
from flower_monitor.store.history import HistoryQuery
from flower_monitor.store.names import Names
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

NOON = 1_800_014_400
"""Start of an hour, of six hours and of twelve."""


def rollup(store: StoreFile, start: int, n: int, *, step: int = 60, state: str = "SUCCESS", **seconds: float) -> None:
    """What ended in a step, each task having waited and run for so long."""
    packed = {kind: msgspec.msgpack.encode({sketch.bucket(value): n}) for kind, value in seconds.items()}
    store.insert(
        "rollup",
        {
            "step": step, "start": start, "name": store.name("tasks.add"), "queue": store.name("celery"),
            "state": State[state].value, "n": n, "runtime_sum": 0.0, "wait": None, "run": None, **packed,
        },
    )  # fmt: skip


async def asked(client: httpx.AsyncClient, start: int, end: int, **more: Any) -> Any:
    answer = await client.get("/api/v1/history", params={"start": start, "end": end, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_hour_is_told_in_minutes_without_gaps(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON, 3)
    rollup(store, NOON + 600, 2, state="FAILURE")

    body = await asked(client, NOON, NOON + 3600)

    assert (body["start"], body["end"], body["step"]) == (NOON, NOON + 3600, 60)
    assert [point["start"] for point in body["points"]] == list(range(NOON, NOON + 3600, 60))
    assert (body["points"][0]["counts"]["succeeded"], body["points"][10]["counts"]["failed"]) == (3, 2)
    assert body["counts"] == {"succeeded": 3, "failed": 2, "retried": 0, "revoked": 0, "rejected": 0}


async def test_there_are_no_more_steps_than_asked_for(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON + 30, 1)

    body = await asked(client, NOON + 30, NOON + 3630, points=12)

    assert len(body["points"]) <= 12
    assert body["start"] <= NOON + 30
    assert body["end"] >= NOON + 3630


async def test_a_step_is_never_shorter_than_a_rollup_in_it(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON, 60, step=3600)
    rollup(store, NOON + 3600, 1)

    body = await asked(client, NOON + 600, NOON + 7200)

    assert body["step"] == 3600
    assert [point["counts"]["succeeded"] for point in body["points"]] == [60, 1]


async def test_the_time_before_begins_within_a_day_that_is_one_rollup(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    """The week before the last week does, once its first day is older than two weeks: half of it is in it."""
    midnight = NOON - 14 * 86400 - 43200
    rollup(store, midnight, 1440, step=86400)
    rollup(store, midnight + 86400, 60, step=3600)
    rollup(store, NOON - 7 * 86400, 60, step=3600)

    body = await asked(client, NOON - 7 * 86400, NOON)

    assert (body["before"]["succeeded"], body["counts"]["succeeded"]) == (720 + 60, 60)


async def test_the_time_before_is_counted_for_comparison(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON - 60, 7)
    rollup(store, NOON - 3660, 5)

    body = await asked(client, NOON, NOON + 3600)

    assert (body["before"]["succeeded"], body["counts"]["succeeded"]) == (7, 0)


async def test_times_are_merged_by_step_and_over_all(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON, 5, wait=1.0, run=2.0)
    rollup(store, NOON, 4, state="FAILURE", run=8.0)
    rollup(store, NOON + 3540, 100, run=4.0)

    body = await asked(client, NOON, NOON + 3600)

    first = body["points"][0]["times"]
    assert first["wait"]["n"] == 5
    assert (first["run"]["p50"], first["run"]["p99"]) == (pytest.approx(2.0, rel=0.02), pytest.approx(8.0, rel=0.02))
    assert body["times"]["run"]["n"] == 109
    assert body["times"]["run"]["p50"] == pytest.approx(4.0, rel=0.02)
    assert body["points"][1]["times"]["run"] == {"n": 0, "p50": None, "p95": None, "p99": None}
    assert body["times_from"] == body["start"]


async def test_where_merging_takes_too_long_the_newest_times_are_told(store: StoreFile) -> None:
    for minute in range(2 * history.LOOK_EVERY):
        rollup(store, NOON + minute * 60, 1, run=1.0)
    query = HistoryQuery(start=NOON, end=NOON + 2 * history.LOOK_EVERY * 60, points=1000)

    found = history.read(store.connection, Names(store.connection), query, patience=0)

    assert found.counts.succeeded == 2 * history.LOOK_EVERY
    assert found.start < found.times_from < found.end
    assert [point.times is None for point in found.points] == [point.start < found.times_from for point in found.points]
    assert found.times.run.n == sum(point.times.run.n for point in found.points if point.times)


async def test_only_one_name_or_queue_is_told_of_when_asked(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON, 3, run=1.0)

    shown = [
        await asked(client, NOON, NOON + 60, **chosen)
        for chosen in ({"name": "tasks.add"}, {"queue": "celery"}, {"name": "tasks.other"}, {"queue": "never"})
    ]

    assert [body["counts"]["succeeded"] for body in shown] == [3, 3, 0, 0]
    assert [body["times"]["run"]["n"] for body in shown] == [3, 3, 0, 0]


async def test_what_was_not_seen_is_told_with_it(client: httpx.AsyncClient, store: StoreFile) -> None:
    for number, (start, until) in enumerate([(NOON - 100, NOON - 50), (NOON + 60, NOON + 120), (NOON + 3500, None)]):
        values = {"id": number, "why": "stopped", "start": start, "until": until, "workers": "{}", "more": 0}
        store.insert("gap", values)

    body = await asked(client, NOON, NOON + 3600)

    assert [(gap["start"], gap["end"]) for gap in body["gaps"]] == [(NOON + 3500, None), (NOON + 60, NOON + 120)]


async def test_without_a_range_it_is_the_last_hour(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, int(time.time()) // 60 * 60, 2)
    rollup(store, int(time.time()) // 60 * 60 - 7200, 2)

    body = (await client.get("/api/v1/history")).json()

    assert body["counts"]["succeeded"] == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [("start=5&end=5", "end"), ("points=1", "points"), ("points=501", "points"), ("start=soon", "start"), ("x=1", "x")],
)
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/api/v1/history?{query}")

    assert (answer.status_code, answer.json()["field"]) == (400, field)


async def test_any_range_is_answered(client: httpx.AsyncClient, store: StoreFile) -> None:
    rollup(store, NOON, 3, step=86_400)

    body = await asked(client, 0, 3 * NOON, points=500)

    assert len(body["points"]) <= 500
    assert body["counts"]["succeeded"] == 3
