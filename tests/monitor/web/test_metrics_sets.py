"""Which sets are shown, and how many series of each."""

import pytest
from prometheus_client.metrics_core import Metric

from flower_monitor.config import Config
from flower_monitor.constants import METRIC_SETS, METRIC_SETS_DEFAULT
from flower_monitor.web.metrics.capping import capped
from flower_monitor.web.metrics.exposition import Family
from flower_monitor.web.metrics.kept import Kept
from tests.monitor.web.scraping import Values, scrape, values
from tests.monitor.web.stores import StoreFile

OF_SET = {
    "flower": "flower_events", "datadog": "flower_events_created", "exporter": "celery_task_received",
    "tasks": "celery_tasks", "own": "flower_monitor_build_info",
}  # fmt: skip


@pytest.fixture
def busy(store: StoreFile) -> StoreFile:
    for number, state in enumerate(("lost", "online", "offline")):
        store.worker(f"w{number}@h{number}", state=state)
        for task in ("one", "two", "three"):
            store.count_events(f"w{number}@h{number}", "task-received", task, number + 1, "q")
            store.runtime(f"w{number}@h{number}", task, 2, 1, 0.02, "q")
    return store


@pytest.mark.parametrize("name", METRIC_SETS)
def test_a_set_is_shown_alone(busy: StoreFile, name: str) -> None:
    found = scrape(busy.path, name)

    assert [key for key, family in OF_SET.items() if family in found] == [name]


def test_the_default_is_flowers_and_what_is_cheap() -> None:
    assert Config(broker_url="redis://h/0", store=__file__).metrics == METRIC_SETS_DEFAULT  # type: ignore[arg-type]  # no store is opened
    assert set(METRIC_SETS) - set(METRIC_SETS_DEFAULT) == {"exporter"}


def test_tasks_are_counted_by_state_without_a_workers_name(busy: StoreFile) -> None:
    busy.count_events("w0@h0", "task-failed", "one", 4)
    busy.count_events("w0@h0", "task-progress", "one", 4)

    found = scrape(busy.path, "tasks")

    assert found["celery_tasks"].samples[0].labels.keys() == {"name", "namespace", "queue", "state"}
    assert values(found["celery_tasks"], "_total") == {
        ("one", "celery", "unknown", "FAILURE"): 4.0,
        **{(task, "celery", "q", "RECEIVED"): 6.0 for task in ("one", "two", "three")},
    }
    assert values(found["celery_workers"]) == {("celery",): 1.0}
    assert values(found["celery_tasks_runtime_seconds"], "_count") == {
        (task, "celery", "q"): 3.0 for task in ("one", "two", "three")
    }


def test_a_queue_may_bear_the_name_of_what_is_not_known(store: StoreFile) -> None:
    """Two series of the same labels would have Prometheus refuse the whole answer."""
    for number, queue in enumerate((None, "unknown"), 1):
        store.count_events("w1@h", "task-received", "t", number, queue)
        store.runtime("w1@h", "t", 2, number, 0.5, queue)

    found = scrape(store.path, "tasks")

    assert values(found["celery_tasks"], "_total") == {("t", "celery", "unknown", "RECEIVED"): 3.0}
    assert values(found["celery_tasks_runtime_seconds"], "_count") == {("t", "celery", "unknown"): 3.0}
    assert len(found["celery_tasks"].samples) == 1


def family(name: str, *series: str, kind: str = "counter") -> Family:
    return Family(name, kind, "", [line.encode() for line in series])  # type: ignore[arg-type]  # one of its kinds


def kept(*families: Family, most: int) -> dict[str, str]:
    return {one.name: b"".join(one.lines).decode() for one in capped(families, most).families}


def test_small_families_stay_whole_and_large_ones_share_the_rest() -> None:
    large = family("large", *(f"l {number}\n" for number in range(50)))
    larger = family("larger", "".join(f"m {number}\n" for number in range(90)))
    found = kept(large, family("small", "s 1\n", "s 2\n"), larger, most=22)

    assert list(found) == ["large", "small", "larger"]
    assert {name: lines.count("\n") for name, lines in found.items()} == {"large": 10, "small": 2, "larger": 10}


def test_the_first_series_stay() -> None:
    assert kept(family("f", "a\nb\n", "c\nd\n"), most=3) == {"f": "a\nb\nc\n"}
    assert kept(family("f", "a\n", "b\n"), most=1) == {"f": "a\n"}
    assert kept(family("f", "a\n"), family("g", "b\n"), most=1) == {"f": "", "g": "b\n"}


def test_a_histogram_is_shown_whole_or_not_at_all() -> None:
    assert kept(family("f", "a\nb\n", "c\nd\n", kind="histogram"), most=3) == {"f": "a\nb\n"}


def test_what_is_left_out_is_not_made() -> None:
    made: list[str] = []

    def make(row: str) -> bytes:
        made.append(row)
        return f"f {row}\nf {row}\n".encode()

    series = Kept(make).texts(["a", "b", "c"])
    found = capped([Family("f", "histogram", "", series, each=2)], 5)

    assert (found.shown, found.cut) == (4, 2)
    assert made == ["a", "b"]


def test_what_fits_is_left_as_it_is() -> None:
    one = family("f", "a\nb\n")

    assert capped([one], 2) == ([one], 2, 0)


def test_what_was_shown_and_what_was_cut_is_told_by_set(busy: StoreFile) -> None:
    whole, found = scrape(busy.path, "flower", "tasks"), scrape(busy.path, "flower", "tasks", most=60)

    def told(name: str, of: dict[str, Metric]) -> Values:
        return values(of[f"flower_monitor_metrics_{name}"])

    assert told("series_cut", whole) == {("flower",): 0.0, ("tasks",): 0.0}
    assert told("series", found)["flower",] <= 60 < told("series", whole)["flower",]
    assert told("series", found)["flower",] + told("series_cut", found)["flower",] == told("series", whole)["flower",]
    assert told("series_cut", found)["tasks",] == 0.0


@pytest.mark.parametrize(
    ("name", "most", "histogram", "online"),
    [
        ("flower", 70, "flower_task_runtime_seconds", {"worker": "w1@h1"}),
        ("exporter", 140, "celery_task_runtime", {"hostname": "h1"}),
    ],
)
def test_workers_that_are_gone_are_left_out_first(
    busy: StoreFile, name: str, most: int, histogram: str, online: dict[str, str]
) -> None:
    found = scrape(busy.path, name, most=most)

    (label,) = online
    assert {one.labels[label] for one in found[histogram].samples} == set(online.values())
