"""Gauges by queue: what others looked at lately, and nothing that is older or was never seen."""

from typing import Any

import pytest

from flower_monitor.queues.records import Source
from flower_monitor.queues.rows import QueueRow
from flower_monitor.web.metrics.looks import LATELY, Consumer, Looks, Queue, lately
from flower_monitor.web.queues import Look
from tests.monitor.web.scraping import NOTHING, families, text_of, values
from tests.monitor.web.stores import StoreFile

NOW = 1_000_000.0

GAUGES = ("celery_queue_length", "celery_active_consumer_count", "celery_active_worker_count",
          "celery_active_process_count")  # fmt: skip


def look(age: float = 1.0, source: Source = "redis", **fields: Any) -> Look:
    """A look at one queue."""
    known: dict[str, Any] = {
        "unacknowledged": 0, "oldest_age": 0.0, "rate_in": None, "rate_out": None, "growth": None, "drain_time": None,
        "by_priority": None, "unknown": {}, "name": "q", "ready": 7, "consumers": 2,
    }  # fmt: skip
    return Look(NOW - age, source, (QueueRow(**{**known, **fields}),), truncated=False)


def answer(age: float = 1.0, pool: Any = None, *queues: str) -> dict[str, Any]:
    """What a worker said."""
    found = {"active_queues": [{"name": name} for name in queues or ("q",)], "timestamp": NOW - age}
    return found if pool is None else {**found, "stats": {"pool": pool}}


@pytest.mark.parametrize(("source", "consumers"), [("management", 2), ("declare", 2), ("redis", None), ("size", None)])
def test_consumers_are_those_that_rabbitmq_counts(source: Source, consumers: int | None) -> None:
    assert lately(look(source=source), {}, NOW) == Looks([Queue("q", 7, consumers)], [])


@pytest.mark.parametrize(("age", "shown"), [(LATELY - 1, True), (LATELY, False)])
def test_what_is_old_is_not_shown(age: float, shown: bool) -> None:
    found = lately(look(age), {"w1@h": answer(age)}, NOW)

    assert (bool(found.queues), bool(found.consumers)) == (shown, shown)


def test_without_a_look_there_is_nothing() -> None:
    assert lately(None, {}, NOW) == Looks([], [])
    assert lately(None, {"w1@h": {"registered": [], "timestamp": NOW}}, NOW) == Looks([], [])


@pytest.mark.parametrize(
    ("pool", "processes"),
    [
        ({"processes": [1, 2, 3], "max-concurrency": 8}, 3), ({"processes": [], "max-concurrency": 8}, 8),
        ({"max-concurrency": 8}, 8), ({"processes": "many"}, 0), ({}, 0), ("odd", 0), (None, 0),
    ],
)  # fmt: skip
def test_a_pool_without_processes_counts_by_its_concurrency(pool: Any, processes: int) -> None:
    """In celery-exporter threads and gevent are 0."""
    found = lately(None, {"w1@h": answer(1.0, pool)}, NOW)

    assert found.consumers == [Consumer("w1@h", ("q",), processes)]


def test_workers_that_are_online_are_counted_by_queue(store: StoreFile) -> None:
    for name, state in (("w1@h", "online"), ("w2@h", "online"), ("w3@h", "lost")):
        store.worker(name, state=state)
    consumers = [Consumer("w1@h", ("q", "r"), 4), Consumer("w2@h", ("q",), 2), Consumer("w3@h", ("q",), 8)]

    found = families(text_of(store.path, ["exporter"], looks=Looks((), consumers)))

    assert values(found["celery_active_worker_count"]) == {("q",): 2.0, ("r",): 1.0}
    assert values(found["celery_active_process_count"]) == {("q",): 6.0, ("r",): 4.0}


def test_a_length_that_the_broker_did_not_tell_is_left_out(store: StoreFile) -> None:
    looks = Looks([Queue("told", 5, 1), Queue("untold", None, None)])

    found = families(text_of(store.path, ["exporter"], looks=looks))

    assert values(found["celery_queue_length"]) == {("told",): 5.0}
    assert values(found["celery_active_consumer_count"]) == {("told",): 1.0}


def test_nothing_is_made_up_when_nobody_looked(store: StoreFile) -> None:
    store.worker("w1@h")

    found = families(text_of(store.path, ["exporter"], looks=NOTHING))

    assert [values(found[name]) for name in GAUGES] == [{}] * 4
