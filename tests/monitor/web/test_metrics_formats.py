"""The two formats of /metrics: which one is answered, and that Prometheus's library reads both."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.metrics_core import Metric

from flower_monitor.web.metrics.accept import wants_openmetrics
from flower_monitor.web.metrics.exposition import exemplar
from tests.monitor.web.scraping import Values, families, scrape, text_of, values
from tests.monitor.web.stores import StoreFile

UUID = "0907c5f2-2d63-4a4b-9a51-3d1ef6a7b6c4"

#: What Prometheus 2.54 and 3.5 send (scrape/scrape.go: acceptHeader), and what Datadog's agent does by default.
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (PROMETHEUS_2, True), (PROMETHEUS_3, True), ("application/openmetrics-text", True),
        ('Application/OpenMetrics-Text; Version="1.0.0"; Q=0.1', True),
        ("application/openmetrics-text;q=0.2,text/plain;q=0.5", False), ("application/openmetrics-text;q=0", False),
        ("application/openmetrics-text;q=much", False), ("application/openmetrics-text;version=2.0.0", False),
        ("text/plain", False), ("*/*", False), ("", False), (",;,=;", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
    ],
)  # fmt: skip
def test_openmetrics_is_for_those_who_want_it_no_less(accept: str, expected: bool) -> None:
    assert wants_openmetrics(accept) is expected


@pytest.fixture
def busy(store: StoreFile) -> StoreFile:
    """A store with something in every family that counts tasks."""
    store.worker("w1@h", active=3)
    store.count_events("gen1@web", "task-sent", "tasks.add", 3, "q")
    store.count_events("w1@h", "task-received", "tasks.add", 3, "q")
    store.count_events("w1@h", "task-failed", "tasks.add", 1, "q")
    store.failure("w1@h", "tasks.add", "KeyError", 1, UUID, "q")
    store.runtime("w1@h", "tasks.add", 2, 1, 0.02, "q")
    store.runtime("w1@h", "tasks.add", 7, 1, 0.3, "q")
    store.slowest("w1@h", "tasks.add", UUID, 0.3, "q")
    store.wait("w1@h", "tasks.add", 2, 3, 0.6, "q")
    return store


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (PROMETHEUS_2, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
    ],
)
@pytest.mark.anyio
async def test_the_answer_is_in_the_format_that_was_asked_for(
    client: httpx.AsyncClient, busy: StoreFile, accept: str, kind: str
) -> None:
    response = await client.get("/metrics", headers={"Accept": accept})

    assert (response.status_code, response.headers["content-type"]) == (200, kind)
    assert response.text.endswith("# EOF\n") is kind.startswith("application")
    assert response.headers["vary"] == "Accept"
    assert "flower_events" in families(response.text)


def test_both_formats_say_the_same(busy: StoreFile) -> None:
    text, openmetrics = scrape(busy.path), scrape(busy.path, openmetrics=True)

    def said(found: dict[str, Metric]) -> Iterator[tuple[str, Values]]:
        for name, family in found.items():
            if not name.endswith(("_created", "_bytes", "_series")):
                yield name, values(family)

    assert dict(said(text)) == dict(said(openmetrics))


def test_openmetrics_has_the_slowest_task_at_its_bucket(busy: StoreFile) -> None:
    found = scrape(busy.path, openmetrics=True)

    for name in ("flower_task_runtime_seconds", "celery_task_runtime"):
        examples = {one.labels["le"]: one.exemplar for one in found[name].samples if one.exemplar}
        assert list(examples) == ["0.5"]
        assert examples["0.5"].labels == {"task_id": UUID}
        assert examples["0.5"].value == 0.3
        assert float(str(examples["0.5"].timestamp)) == 1795251117.5


def test_openmetrics_has_the_last_failed_task(busy: StoreFile) -> None:
    found = scrape(busy.path, openmetrics=True)

    for name, label, value in (
        ("flower_events", "type", "task-failed"),
        ("celery_task_failed", "exception", "KeyError"),
    ):
        examples = {one.labels[label]: one.exemplar.labels for one in found[name].samples if one.exemplar}
        assert examples == {value: {"task_id": UUID}}


def test_the_text_format_has_no_exemplars(busy: StoreFile) -> None:
    assert UUID not in text_of(busy.path)


@pytest.mark.parametrize(("task_id", "shown"), [(UUID, True), ("x" * 121, True), ("x" * 122, False), ('a"b', False)])
def test_an_id_that_an_exemplar_can_not_have_is_left_out(task_id: str, shown: bool) -> None:
    """OpenMetrics allows 128 characters for names and values together."""
    assert bool(exemplar(task_id, 1, 0.0)) is shown


def test_when_counts_began_is_a_sample_in_one_format_and_a_family_in_the_other(busy: StoreFile) -> None:
    """Of a counter's samples OpenMetrics has `_created` for itself; Datadog's check reads the family."""
    created = busy.connection.execute("select value from meta where key = 'created'").get
    text, openmetrics = scrape(busy.path), scrape(busy.path, openmetrics=True)

    assert text["flower_events_created"].type == "gauge"
    for name in ("flower_events", "flower_task_runtime_seconds"):
        found = values(openmetrics[name], "_created")
        assert found == values(text[f"{name}_created"])
        assert set(found.values()) == {created}


def test_without_the_set_datadog_nothing_says_when_counts_began(busy: StoreFile) -> None:
    for openmetrics in (False, True):
        assert "_created" not in text_of(busy.path, ["flower"], openmetrics=openmetrics)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", 'x"} 1\nfake{y="', "# EOF", "grüße"])
def test_no_name_can_break_openmetrics(store: StoreFile, name: str) -> None:
    store.count_events("w1@h", "task-failed", name, 1, name)
    store.failure("w1@h", name, name, 1, name, name)

    found = scrape(store.path, openmetrics=True)

    assert values(found["celery_task_failed"], "_total")[name, "h", name, name] == 1.0


@pytest.mark.parametrize("openmetrics", [False, True])
def test_series_are_counted_as_they_are(busy: StoreFile, openmetrics: bool) -> None:
    """Most families know how many lines they have without counting them."""
    text = text_of(busy.path, openmetrics=openmetrics)
    told = values(families(text)["flower_monitor_metrics_series"])

    ours = [line for line in text.splitlines() if not line.startswith(("#", "flower_monitor_metrics_series"))]
    assert sum(told.values()) == len(ours)


@pytest.mark.parametrize("name", ["100%d", "%s {x}", "\x01\x02", 'a"b\\c\nd'])
def test_any_name_of_a_task_comes_through(busy: StoreFile, name: str) -> None:
    busy.count_events("w1@h", "task-failed", name, 1)
    busy.failure("w1@h", name, "KeyError", 1, UUID)
    busy.runtime("w1@h", name, 2, 1, 0.02)
    busy.slowest("w1@h", name, UUID, 0.02)

    for openmetrics in (False, True):
        found = scrape(busy.path, openmetrics=openmetrics)
        assert values(found["flower_events"], "_total")[name, "task-failed", "w1@h"] == 1.0
        assert values(found["flower_task_runtime_seconds"], "_count")[name, "w1@h"] == 1.0
        assert values(found["celery_task_runtime"], "_count")["h", name, "unknown"] == 1.0
