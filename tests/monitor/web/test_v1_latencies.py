"""`/api/v1/latencies`, and what a search tells of itself."""

import time

import httpx
import msgspec
import pytest

from flower_monitor import sketch
from flower_monitor.store import search
from tests.monitor.web.stores import StoreFile, task
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio


def ended(store: StoreFile, at: float, n: int, run: float, name: str = "tasks.add", state: str = "SUCCESS") -> None:
    """Tasks that ended in a minute, each having run for so long."""
    store.rollup(int(at), state, n, name)
    packed = msgspec.msgpack.encode({sketch.bucket(run): n})
    store.connection.execute(
        "update rollup set run = ? where start = ? and name = ?", (packed, int(at) // 60 * 60, store.name(name))
    )


async def test_an_hour_is_summed_up(client: httpx.AsyncClient, store: StoreFile) -> None:
    now = time.time()
    ended(store, now - 60, 5, 2.0)
    ended(store, now - 7200, 5, 9.0)

    body = (await client.get("/api/v1/latencies")).json()

    (row,) = body["rows"]
    assert row["run"] == {"n": 5, **dict.fromkeys(("p50", "p95", "p99"), pytest.approx(2.0, rel=body["error"]))}
    assert row["wait"] == {"n": 0, "p50": None, "p95": None, "p99": None}
    assert (row["n"], row["name"]) == (5, None)


async def test_rows_are_told_apart_by_name(client: httpx.AsyncClient, store: StoreFile) -> None:
    ended(store, time.time(), 5, 2.0)
    ended(store, time.time(), 1, 4.0, "tasks.other")

    body = (await client.get("/api/v1/latencies?by=name&by=state")).json()

    assert [(row["name"], row["state"], row["n"]) for row in body["rows"]] == [
        ("tasks.add", "SUCCESS", 5),
        ("tasks.other", "SUCCESS", 1),
    ]


async def test_a_chart_has_a_row_for_each_step(client: httpx.AsyncClient, store: StoreFile) -> None:
    for minute in range(10):
        ended(store, 1_800_000_000 + minute * 60, 1, 2.0)

    body = (await client.get("/api/v1/latencies?start=1800000000&end=1800000599&step=300")).json()

    assert [(row["start"], row["n"]) for row in body["rows"]] == [(1_800_000_000, 5), (1_800_000_300, 5)]


@pytest.mark.parametrize("query", ["by=worker", "step=1", "start=soon", "unknown=1"])
async def test_a_wrong_parameter_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/api/v1/latencies?{query}")).status_code == 400


async def test_a_search_tells_how_far_it_came(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BUDGET", PATIENCE)
    store.add(task("one"), task("two"))
    store.connection.execute("insert or replace into tally values (0, 2)")

    body = (await client.get("/api/v1/tasks?search=nowhere")).json()

    assert body["progress"] == {"scanned": 2, "of": 2, "reached": None}
    assert (await client.get("/api/v1/tasks")).json()["progress"] is None
