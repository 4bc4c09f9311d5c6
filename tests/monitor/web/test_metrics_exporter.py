"""celery-exporter's families: its names, labels, types and zeros, without its defects."""

from typing import Any

import pytest

from flower_monitor.constants import RUNTIME_BUCKETS, WAIT_BUCKETS
from flower_monitor.store.counted import FailureRow
from flower_monitor.store.reader import Reader
from flower_monitor.web.metrics.exporter import host_of
from flower_monitor.web.metrics.looks import Consumer, Looks, Queue
from flower_monitor.web.metrics.sets import Exposition, Live
from tests.monitor.web.scraping import families, scrape, text_of, values
from tests.monitor.web.stores import StoreFile

COUNTERS = ("sent", "received", "started", "succeeded", "failed", "rejected", "revoked", "retried")
LABELS = {"hostname", "name", "queue_name"}
FAMILIES: dict[str, tuple[str, set[str]]] = {
    **{f"celery_task_{name}": ("counter", LABELS) for name in COUNTERS},
    "celery_task_failed": ("counter", LABELS | {"exception"}),
    "celery_task_runtime": ("histogram", LABELS),
    "celery_task_queue_wait_time": ("histogram", LABELS),
    "celery_worker_up": ("gauge", {"hostname"}),
    "celery_worker_tasks_active": ("gauge", {"hostname"}),
    "celery_queue_length": ("gauge", {"queue_name"}),
    "celery_active_consumer_count": ("gauge", {"queue_name"}),
    "celery_active_worker_count": ("gauge", {"queue_name"}),
    "celery_active_process_count": ("gauge", {"queue_name"}),
}
"""As src/exporter.py of danihodovic/celery-exporter declares them."""

LOOKS = Looks([Queue("q", 5, 2)], [Consumer("w1@h", ("q",), 4)])


def test_families_have_the_exporters_names_types_and_labels(store: StoreFile) -> None:
    store.worker("w1@h")
    store.count_events("w1@h", "task-received", "tasks.add", 1, "q")
    store.runtime("w1@h", "tasks.add", 2, 1, 0.02, "q")
    store.wait("w1@h", "tasks.add", 2, 1, 0.2, "q")

    found = families(text_of(store.path, ["exporter"], looks=LOOKS))

    assert {
        name: (family.type, set(family.samples[0].labels) - {"le"})
        for name, family in found.items()
        if name.startswith("celery_")
    } == FAMILIES


@pytest.mark.parametrize("name", sorted(set(COUNTERS) - {"failed"}))
def test_an_event_is_counted_by_host_task_and_queue(store: StoreFile, name: str) -> None:
    store.count_events("w1@h", f"task-{name}", "tasks.add", 3, "q")

    assert values(scrape(store.path, "exporter")[f"celery_task_{name}"], "_total") == {("h", "tasks.add", "q"): 3.0}


def test_what_a_worker_has_seen_has_zeros_for_all_that_did_not_happen(store: StoreFile) -> None:
    """With them `increase()` sees the first failure, and a dashboard a line at 0 where there was none."""
    store.count_events("w1@h", "task-received", "tasks.add", 1, "q")

    found = scrape(store.path, "exporter")

    for name in set(COUNTERS) - {"received", "failed"}:
        assert values(found[f"celery_task_{name}"], "_total") == {("h", "tasks.add", "q"): 0.0}
    assert values(found["celery_task_failed"], "_total") == {("", "h", "tasks.add", "q"): 0.0}


def test_what_was_only_sent_has_no_zeros(store: StoreFile) -> None:
    """As in the exporter: clients are many."""
    store.count_events("gen7@web", "task-sent", "tasks.add", 1, "q")

    found = scrape(store.path, "exporter")

    assert values(found["celery_task_sent"], "_total") == {("web", "tasks.add", "q"): 1.0}
    assert values(found["celery_task_received"], "_total") == {}


def test_a_custom_event_counts_as_none_but_is_seen(store: StoreFile) -> None:
    store.count_events("w1@h", "task-progress", "tasks.add", 5, "q")

    assert values(scrape(store.path, "exporter")["celery_task_started"], "_total") == {("h", "tasks.add", "q"): 0.0}


def test_a_queue_that_nobody_told_is_unknown(store: StoreFile) -> None:
    store.count_events("w1@h", "task-received", "tasks.add", 2)
    store.count_events("w1@h", "task-received", "tasks.add", 3, "unknown")
    store.wait("w1@h", "tasks.add", 2, 1, 0.2)

    found = scrape(store.path, "exporter")

    assert values(found["celery_task_received"], "_total") == {("h", "tasks.add", "unknown"): 5.0}
    assert values(found["celery_task_queue_wait_time"], "_count") == {("h", "tasks.add", "unknown"): 1.0}


def test_failures_are_told_by_exception_and_are_as_many_as_there_were(store: StoreFile) -> None:
    store.count_events("w1@h", "task-failed", "tasks.add", 10, "q")
    store.failure("w1@h", "tasks.add", "KeyError", 4, queue="q")
    store.failure("w1@h", "tasks.add", "ValueError", 5, queue="q")

    assert values(scrape(store.path, "exporter")["celery_task_failed"], "_total") == {
        ("", "h", "tasks.add", "q"): 1.0,  # of before exceptions were kept
        ("KeyError", "h", "tasks.add", "q"): 4.0,
        ("ValueError", "h", "tasks.add", "q"): 5.0,
    }


def test_workers_of_one_host_are_added_up_and_up_as_long_as_one_is(store: StoreFile) -> None:
    """In the exporter the first that goes offline makes the series 0."""
    for worker, state in (("w1@h", "online"), ("w2@h", "offline"), ("w3@h", "online"), ("w1@gone", "lost")):
        store.worker(worker, state=state, active=2)
        store.count_events(worker, "task-started", "tasks.add", 1, "q")
        store.runtime(worker, "tasks.add", 2, 1, 0.02, "q")

    found = scrape(store.path, "exporter")

    assert values(found["celery_worker_up"]) == {("h",): 1.0, ("gone",): 0.0}
    assert values(found["celery_worker_tasks_active"]) == {("h",): 4.0, ("gone",): 0.0}
    assert values(found["celery_task_started"], "_total")["h", "tasks.add", "q"] == 3.0
    assert values(found["celery_task_runtime"], "_count")["h", "tasks.add", "q"] == 3.0


def test_histograms_have_the_exporters_buckets(store: StoreFile) -> None:
    store.runtime("w1@h", "tasks.add", 2, 4, 0.08, "q")
    store.wait("w1@h", "tasks.add", len(WAIT_BUCKETS), 4, 8000.0, "q")

    found = scrape(store.path, "exporter")

    for name, bounds, total in (
        ("celery_task_runtime", RUNTIME_BUCKETS, 0.08), ("celery_task_queue_wait_time", WAIT_BUCKETS, 8000.0),
    ):  # fmt: skip
        counts = {one.labels["le"]: one.value for one in found[name].samples if one.name.endswith("_bucket")}
        assert list(counts) == [*(str(float(bound)) for bound in bounds), "+Inf"]
        assert counts["+Inf"] == 4.0
        assert values(found[name], "_sum") == {("h", "tasks.add", "q"): total}


@pytest.mark.parametrize(
    ("sender", "host"), [("celery@web-1", "web-1"), ("gen12@web", "web"), ("a@b@c", "b@c"), ("bare", "bare"), ("", "")]
)
def test_a_host_is_what_stands_after_the_at(sender: str, host: str) -> None:
    assert host_of(sender) == host


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", 'x"} 1\nfake{y="', "%d %s \0", "grüße"])
def test_no_name_can_break_a_line(store: StoreFile, name: str) -> None:
    store.count_events("w1@h", "task-failed", name, 1, name)
    store.failure("w1@h", name, name, 1, queue=name)
    store.runtime("w1@h", name, 2, 1, 0.02, name)

    found = scrape(store.path, "exporter")

    assert values(found["celery_task_failed"], "_total")[name, "h", name, name] == 1.0
    assert values(found["celery_task_runtime"], "_count") == {("h", name, name): 1.0}


def test_a_scrape_tells_what_changed_since_the_last(store: StoreFile) -> None:
    exposition, reader = Exposition(["exporter"], 1000, "celery", openmetrics=False), Reader(store.path)

    def look() -> Any:
        found = families(b"".join(exposition.render(reader, Live())).decode())
        return [list(values(found[f"celery_task_{name}"], "_total").values()) for name in ("received", "failed")]

    store.count_events("w1@h", "task-received", "tasks.add", 1, "q")
    assert look() == [[1.0], [0.0]]
    store.count_events("w1@h", "task-received", "tasks.add", 2, "q")
    assert look() == [[2.0], [0.0]]
    store.worker("w1@h", state="lost")
    assert look() == [[2.0], [0.0]]
    reader.close()


def test_failures_and_counts_are_of_the_same_commits(store: StoreFile) -> None:
    """What has no exception is what is left: of different commits it would rise and fall again."""

    class Overtaken(Reader):
        def failures(self) -> list[FailureRow]:  # type: ignore[explicit-override]  # typing.override is 3.12's
            found = super().failures()
            store.failure("w1@h", "tasks.add", "KeyError", 2, queue="q")
            store.count_events("w1@h", "task-failed", "tasks.add", 2, "q")
            return found

    store.failure("w1@h", "tasks.add", "KeyError", 1, queue="q")
    store.count_events("w1@h", "task-failed", "tasks.add", 1, "q")

    parts = Exposition(["exporter"], 1000, "celery", openmetrics=False).render(Overtaken(store.path), Live())

    assert values(families(b"".join(parts).decode())["celery_task_failed"], "_total") == {
        ("", "h", "tasks.add", "q"): 0.0, ("KeyError", "h", "tasks.add", "q"): 1.0,
    }  # fmt: skip
