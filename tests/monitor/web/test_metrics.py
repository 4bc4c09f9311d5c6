"""`/metrics`: Flower's families as its dashboards query them, and the monitor's own."""

import httpx
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from flower_monitor.constants import RUNTIME_BUCKETS, VERSION
from flower_monitor.store.counted import TimesRow
from flower_monitor.store.records import BrokerStatus, IngestStatus
from flower_monitor.web.metrics.exposition import PIECE, escape, labels, pieces, sample
from flower_monitor.web.metrics.histogram import Histogram, Observed
from flower_monitor.web.metrics.kept import Kept
from tests.monitor.web.stores import StoreFile, task

FLOWER = {
    "flower_events": ("counter", {"worker", "type", "task"}, "Number of events"),
    "flower_task_runtime_seconds": ("histogram", {"worker", "task"}, "Task runtime"),
    "flower_task_prefetch_time_seconds": (
        "gauge", {"worker", "task"}, "The time the task spent waiting at the celery worker to be executed.",
    ),
    "flower_worker_prefetched_tasks": (
        "gauge", {"worker", "task"}, "Number of tasks of given type prefetched at a worker",
    ),
    "flower_worker_online": ("gauge", {"worker"}, "Worker online status"),
    "flower_worker_number_of_currently_executing_tasks": (
        "gauge", {"worker"}, "Number of tasks currently executing at a worker",
    ),
}  # fmt: skip


async def scrape(client: httpx.AsyncClient) -> dict[str, Metric]:
    """The families, as Prometheus's own library reads them."""
    response = await client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(response.text)}


def values(family: Metric, suffix: str = "") -> dict[tuple[str, ...], float]:
    """Values by labels, these in alphabetical order."""
    return {
        tuple(one.labels[label] for label in sorted(one.labels)): one.value
        for one in family.samples
        if one.name == family.name + suffix
    }


@pytest.fixture
def busy(store: StoreFile) -> StoreFile:
    """A store with something in every family."""
    store.worker("w1@h", active=3)
    store.add(
        task("waits", state="RECEIVED", worker="w1@h", started=None, received=100.0),
        task("later", state="RECEIVED", worker="w1@h", started=None, eta="2030-01-01T00:00:00+00:00"),
        task("runs", state="STARTED", worker="w1@h", name="tasks.run", received=100.0, started=100.5),
    )
    store.count_events("w1@h", "task-succeeded", "tasks.add", 2)
    store.runtime("w1@h", "tasks.add", 2, 3, 0.06)
    return store


@pytest.mark.anyio
async def test_flowers_families_have_flowers_names_types_labels_and_texts(
    client: httpx.AsyncClient, busy: StoreFile
) -> None:
    families = await scrape(client)

    assert {
        name: (families[name].type, set(families[name].samples[0].labels) - {"le"}, families[name].documentation)
        for name in FLOWER
    } == FLOWER


@pytest.mark.anyio
async def test_events_are_counted_by_worker_type_and_task(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.count_events("w1@h", "task-failed", "tasks.add", 4)
    store.count_events("w1@h", "task-progress", None, 1)

    found = values((await scrape(client))["flower_events"], "_total")

    assert found == {("tasks.add", "task-failed", "w1@h"): 4.0, ("", "task-progress", "w1@h"): 1.0}


@pytest.mark.parametrize(("state", "online"), [("online", 1.0), ("offline", 0.0), ("lost", 0.0)])
@pytest.mark.anyio
async def test_a_worker_that_is_gone_is_0_however_it_went(
    client: httpx.AsyncClient, store: StoreFile, state: str, online: float
) -> None:
    """M1: in Flower one that was killed stays 1 for ever."""
    store.worker("w1@h", state=state, active=5)

    families = await scrape(client)

    assert values(families["flower_worker_online"]) == {("w1@h",): online}
    assert values(families["flower_worker_number_of_currently_executing_tasks"]) == {("w1@h",): 5.0 * online}


@pytest.mark.anyio
async def test_prefetch_is_counted_from_the_tasks_there_are(client: httpx.AsyncClient, busy: StoreFile) -> None:
    """M6: in Flower it drifts with every revoked task and every dead worker. ETA tasks don't count, as in Flower."""
    families = await scrape(client)

    assert values(families["flower_worker_prefetched_tasks"]) == {
        ("tasks.add", "w1@h"): 1.0, ("tasks.run", "w1@h"): 0.0,
    }  # fmt: skip
    assert values(families["flower_task_prefetch_time_seconds"])["tasks.run", "w1@h"] == 0.5


@pytest.mark.parametrize("state", ["lost", "offline"])
@pytest.mark.anyio
async def test_nothing_waits_on_a_worker_that_is_gone(client: httpx.AsyncClient, busy: StoreFile, state: str) -> None:
    """M6: in Flower the gauge of a worker that died never recovers."""
    busy.count_events("w1@h", "task-received", "tasks.add", 2)
    busy.worker("w1@h", state=state)

    families = await scrape(client)

    assert values(families["flower_worker_prefetched_tasks"]) == {("tasks.add", "w1@h"): 0.0}
    assert values(families["flower_task_prefetch_time_seconds"]) == {("tasks.add", "w1@h"): 0.0}


@pytest.mark.parametrize(
    ("verdict", "waiting", "waited"),
    [
        ("lost", 0.0, 0.0), ("finished", 0.0, 0.0), ("redelivered", 0.0, 0.0), ("running", 0.0, 0.5),
        ("waiting", 1.0, 0.5),
    ],
)  # fmt: skip
@pytest.mark.anyio
async def test_a_task_that_was_found_elsewhere_does_not_wait(
    client: httpx.AsyncClient, busy: StoreFile, verdict: str, waiting: float, waited: float
) -> None:
    """M6: in Flower a missed event counts for ever."""
    for key, ts in busy.connection.execute("select id, ts from task").fetchall():
        fields = {"task": key, "ts": ts, "verdict": verdict, "why": "", "evidence": "[]", "at": 1.0}
        busy.insert("verdict", fields)

    families = await scrape(client)

    found = values(families["flower_worker_prefetched_tasks"])
    assert found.get(("tasks.add", "w1@h"), 0.0) == waiting
    assert values(families["flower_task_prefetch_time_seconds"]).get(("tasks.run", "w1@h"), 0.0) == waited


@pytest.mark.anyio
async def test_a_prefetch_series_stays_at_0_when_nothing_waits_any_more(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    """As in Flower: an average over time must count the time without."""
    store.worker("w1@h")
    store.count_events("w1@h", "task-received", "tasks.add", 2)
    store.count_events("gone@h", "task-received", "tasks.add", 2)

    families = await scrape(client)

    for name in ("flower_worker_prefetched_tasks", "flower_task_prefetch_time_seconds"):
        assert values(families[name]) == {("tasks.add", "w1@h"): 0.0}


def test_a_histogram_is_cumulative_and_complete() -> None:
    rows = (
        TimesRow("w1@h", "tasks.add", "one", (0, 1, *[0] * 12, 1), 12.0),
        TimesRow("w1@h", "tasks.add", "two", (0, 1, *[0] * 13), 0.5),
    )
    labels = b'task="tasks.add",worker="w1@h"'
    lines = Histogram("flower_task_runtime_seconds", RUNTIME_BUCKETS).lines(Observed(labels, rows)).decode()

    (parsed,) = text_string_to_metric_families("# TYPE flower_task_runtime_seconds histogram\n" + lines)
    counts = {one.labels["le"]: one.value for one in parsed.samples if one.name.endswith("_bucket")}

    assert list(counts) == [*(str(bound) for bound in RUNTIME_BUCKETS), "+Inf"]
    assert (counts["0.005"], counts["0.01"], counts["10.0"], counts["+Inf"]) == (0.0, 2.0, 2.0, 3.0)
    assert values(parsed, "_sum") == {("tasks.add", "w1@h"): 12.5}
    assert values(parsed, "_count") == {("tasks.add", "w1@h"): 3.0}


@pytest.mark.anyio
async def test_a_scrape_tells_what_changed_since_the_last(client: httpx.AsyncClient, busy: StoreFile) -> None:
    await scrape(client)
    busy.count_events("w1@h", "task-succeeded", "tasks.add", 3)
    busy.runtime("w1@h", "tasks.add", 2, 4, 0.08)

    families = await scrape(client)

    assert values(families["flower_events"], "_total") == {("tasks.add", "task-succeeded", "w1@h"): 3.0}
    assert values(families["flower_task_runtime_seconds"], "_count") == {("tasks.add", "w1@h"): 4.0}


@pytest.mark.anyio
async def test_an_answer_that_is_sent_in_pieces_says_how_long_it_is(client: httpx.AsyncClient, busy: StoreFile) -> None:
    response = await client.get("/metrics")

    assert response.headers["content-length"] == str(len(response.content))


def test_pieces_are_no_longer_than_they_need_be() -> None:
    parts = [bytes([number]) * 1000 for number in range(200)]

    *found, last = pieces(parts)

    assert b"".join([*found, last]) == b"".join(parts)
    assert [PIECE <= len(piece) < PIECE + 1000 for piece in found] == [True] * len(found) != []


def test_what_did_not_change_is_not_made_again() -> None:
    made: list[str] = []

    def make(row: str) -> bytes:
        made.append(row)
        return row.encode()

    kept = Kept(make)
    list(kept.texts(["a", "b"]))
    list(kept.texts(["b", "c"]))
    assert list(kept.texts(["a", "b"])) == [b"a", b"b"]
    assert made == ["a", "b", "c", "a"]


def test_what_was_taken_is_not_made_again() -> None:
    made: list[str] = []

    def make(row: str) -> bytes:
        made.append(row)
        return row.encode()

    texts = Kept(make).texts(["a", "b"])
    assert next(iter(texts)) == b"a"
    assert list(texts) == list(texts) == [b"a", b"b"]
    assert made == ["a", "b"]


@pytest.mark.anyio
async def test_the_monitor_says_how_it_is(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.set_status(
        ingest=IngestStatus(lag=0.25, last_event=7.0, committed_at=8.0, buffer_bytes=9),
        broker=BrokerStatus(state="disconnected"),
    )
    store.count("events_received", {}, 10)
    store.count("events_dropped", {"reason": "full"}, 3)

    families = await scrape(client)

    def value(name: str) -> float:
        return families[f"flower_monitor_{name}"].samples[0].value

    assert value("events_received") == 10.0
    assert values(families["flower_monitor_events_dropped"], "_total") == {("full",): 3.0}
    assert value("reconnects") == 0.0
    assert value("broker_connected") == 0.0
    assert value("event_lag_seconds") == 0.25
    assert value("store_bytes") > 0
    assert values(families["flower_monitor_build_info"]) == {(VERSION,): 1.0}


@pytest.mark.anyio
async def test_what_is_not_known_is_left_out(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.set_status(ingest=IngestStatus())

    assert "flower_monitor_event_lag_seconds" not in await scrape(client)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", 'x"} 1\nfake{y="', "grüße", "\\n"])
@pytest.mark.anyio
async def test_no_name_of_a_task_can_break_the_format(client: httpx.AsyncClient, store: StoreFile, name: str) -> None:
    store.count_events("w1@h", "task-failed", name, 1)

    families = await scrape(client)

    assert values(families["flower_events"], "_total") == {(name, "task-failed", "w1@h"): 1.0}


def test_labels_are_in_alphabetical_order() -> None:
    assert labels(worker="w", type="t", task="k") == 'task="k",type="t",worker="w"'


def test_a_series_without_labels_has_no_braces() -> None:
    assert sample("up", "", True) == b"up 1.0\n"


def test_escaping_is_that_of_prometheus() -> None:
    assert escape('\\ " \n') == '\\\\ \\" \\n'
