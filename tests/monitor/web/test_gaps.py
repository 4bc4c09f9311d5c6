"""What was not seen, as the API, the notices and the metrics tell it."""

import time
from typing import Any

import httpx
import pytest

from flower_monitor.store.records import Seen
from tests.monitor.web.stores import StoreFile


def add(store: StoreFile, number: int, **fields: Any) -> None:
    known: dict[str, Any] = {
        "id": number, "why": "disconnected", "start": time.time() - 10, "until": time.time(), "detail": "refused",
        "missed": 3, "events": None, "workers": '{"w1@host": 3}', "more": 0,
    }  # fmt: skip
    store.insert("gap", known | fields)


@pytest.mark.anyio
async def test_gaps_come_newest_first_and_in_pages(client: httpx.AsyncClient, store: StoreFile) -> None:
    for number in (1, 2, 3):
        add(store, number)

    first = (await client.get("/api/v1/gaps", params={"limit": 2})).json()
    second = (await client.get("/api/v1/gaps", params={"limit": 2, "before": first["next_before"]})).json()

    assert [gap["id"] for gap in first["items"]] == [3, 2]
    assert [gap["id"] for gap in second["items"]] == [1]
    assert second["next_before"] is None
    assert first["items"][0]["workers"] == {"w1@host": 3}


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 1001}, {"before": -1}, {"other": 1}])
@pytest.mark.anyio
async def test_a_wrong_parameter_is_told(wrong: dict[str, int], client: httpx.AsyncClient, store: StoreFile) -> None:
    assert (await client.get("/api/v1/gaps", params=wrong)).status_code == 400


@pytest.mark.anyio
async def test_the_summary_says_how_much_was_missed_and_why(client: httpx.AsyncClient, store: StoreFile) -> None:
    add(store, 1, missed=3)
    add(store, 2, why="dropped", missed=7)
    store.set_status(seen=Seen(due=100, missed=10))

    body = (await client.get("/api/v1/summary")).json()

    (notice,) = body["notices"]
    assert (notice["code"], notice["severity"]) == ("events-missed", "warning")
    assert notice["message"].startswith(
        "Of 100 tasks that workers started in the last hour 10 were not seen (10 %): "
        "events came faster than they could be stored, the broker could not be reached."
    )
    assert notice["fix"].startswith("Give the monitor more CPU; on RabbitMQ")
    assert (body["events"]["seen"], body["events"]["missed"]) == (0.9, 10)


@pytest.mark.anyio
async def test_processes_that_share_a_name_are_told(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.worker("a@host", shared=1)
    store.worker("b@host")

    (notice,) = (await client.get("/api/v1/summary")).json()["notices"]

    assert notice["code"] == "worker-name-shared"
    assert "a@host" in notice["message"]
    assert "b@host" not in notice["message"]


@pytest.mark.anyio
async def test_the_metrics_say_how_well_each_worker_is_seen(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.worker("a@host", lag=0.25, clock_offset=-3.0, tasks_due=8, tasks_missed=2)
    store.worker("gone@host", state="lost", lag=1.0)
    store.count("tasks_missed", {}, 2)

    text = (await client.get("/metrics")).text

    for line in (
        'flower_monitor_worker_lag_seconds{worker="a@host"} 0.25',
        'flower_monitor_worker_clock_offset_seconds{worker="a@host"} -3.0',
        'flower_monitor_worker_tasks_due_total{worker="a@host"} 8.0',
        'flower_monitor_worker_tasks_missed_total{worker="a@host"} 2.0',
        "flower_monitor_tasks_missed_total 2.0",
    ):
        assert line in text
    assert 'flower_monitor_worker_lag_seconds{worker="gone@host"}' not in text
