"""`/api/v1/summary`: shape, throughput, notices."""

import time
from pathlib import Path

import httpx
import pytest

from flower_monitor.store.records import IngestStatus, Notice, RollupRow
from flower_monitor.web.doctor.storage import Volume, left_on_volume
from flower_monitor.web.summary import MINUTES, throughput
from tests.monitor.web.stores import StoreFile, task


@pytest.mark.anyio
async def test_the_summary_has_the_shape_of_the_contract(client: httpx.AsyncClient, store: StoreFile) -> None:
    body = (await client.get("/api/v1/summary")).json()

    assert {key: list(value) for key, value in body.items() if isinstance(value, dict)} == {
        "monitor": ["name", "namespace", "version", "started", "now"],
        "broker": ["kind", "url", "state", "since", "attempts", "last_error", "mode", "backlog"],
        "workers": ["online", "offline", "lost"],
        "tasks": ["kept", "states"],
        "events": ["received", "dropped", "invalid", "rate", "lag", "last", "missed", "seen"],
        "store": ["kind", "bytes", "free", "oldest", "state", "retention"],
    }
    assert list(body)[6:] == ["throughput", "notices"]
    assert list(body["store"]["retention"]) == ["age", "tasks", "bytes"]
    assert list(body["throughput"][0]) == ["minute", "succeeded", "failed", "retried", "revoked"]


@pytest.mark.anyio
async def test_the_summary_counts_what_is_kept(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(task(), task(), task(state="FAILURE"), task(state="PROGRESS"))
    store.worker("a@host")
    store.worker("b@host", state="lost")
    store.set_status(
        ingest=IngestStatus(events_received=9, events_dropped=2, events_invalid=1, rate=1.5, lag=0.2, last_event=7.0),
        notices=[Notice("store-new", "info", "A new store", "Nothing to do")],
    )

    body = (await client.get("/api/v1/summary")).json()

    assert body["tasks"] == {"kept": 4, "states": {"SUCCESS": 2, "FAILURE": 1, "PROGRESS": 1}}
    assert body["workers"] == {"online": 1, "offline": 0, "lost": 1}
    counted = {"received": 9, "dropped": 2, "invalid": 1, "rate": 1.5, "lag": 0.2, "last": 7.0}
    assert body["events"] == counted | {"missed": 0, "seen": None}
    assert body["notices"] == [
        {"code": "store-new", "severity": "info", "message": "A new store", "fix": "Nothing to do"}
    ]
    assert body["store"]["bytes"] > 0


@pytest.mark.anyio
async def test_the_summary_tells_what_the_volume_has_left(
    client: httpx.AsyncClient, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", {store.path.parent: Volume(100, 7)}.__getitem__)

    assert (await client.get("/api/v1/summary")).json()["store"]["free"] == 7


def test_a_volume_that_is_gone_has_nothing_to_tell(tmp_path: Path) -> None:
    assert left_on_volume(tmp_path / "gone" / "store") is None


@pytest.mark.anyio
async def test_the_summary_shows_what_ended_each_minute(client: httpx.AsyncClient, store: StoreFile) -> None:
    minute = int(time.time() // 60) * 60
    store.rollup(minute, "SUCCESS", 3)
    store.rollup(minute, "SUCCESS", 2, name="tasks.other")
    store.rollup(minute - 60, "FAILURE", 1)

    found = {one["minute"]: one for one in (await client.get("/api/v1/summary")).json()["throughput"]}

    assert found[minute]["succeeded"] == 5
    assert found[minute - 60]["failed"] == 1


def row(minute: int, state: str, n: int) -> RollupRow:
    return RollupRow(minute, "tasks.add", "celery", state, n, 0.0)


def test_throughput_has_no_gaps_and_ends_with_the_running_minute() -> None:
    found = throughput([], 100_000.0)

    assert [one.minute for one in found] == list(range(99_960 - 59 * 60, 99_961, 60))
    assert len(found) == MINUTES


def test_throughput_adds_up_names_and_queues() -> None:
    found = throughput([row(99_960, "RETRY", 2), row(99_960, "RETRY", 3), row(99_960, "REVOKED", 1)], 100_000.0)

    assert (found[-1].retried, found[-1].revoked) == (5, 1)


@pytest.mark.parametrize("stray", [row(0, "SUCCESS", 1), row(200_040, "SUCCESS", 1), row(99_960, "REJECTED", 1)])
def test_throughput_leaves_out_other_minutes_and_states(stray: RollupRow) -> None:
    assert throughput([stray], 100_000.0) == throughput([], 100_000.0)
