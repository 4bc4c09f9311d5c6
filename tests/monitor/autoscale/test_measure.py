"""How much work a queue has: nobody who is asked sees all of it."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from flower_monitor.autoscale.measure import QueueLoad, consumer, load_of
from flower_monitor.store.records import WorkloadRow
from tests.monitor.autoscale.made import NOW, held, row, worker


def load(*tasks: WorkloadRow, **fields: Any) -> QueueLoad:
    """The load of `work` with one worker of four processes."""
    active = fields.pop("active", 0)
    return load_of(row(**fields), {"w1": worker("work", active=active)}, list(tasks), NOW, NOW + 1.5)


def test_the_answer_is_the_one_that_is_promised() -> None:
    body = msgspec.to_builtins(load(ready=123, unacknowledged=4, active=3))

    assert body == {
        "apiVersion": "autoscale/v1",
        "queue": "work",
        "ready": 123,
        "unacked": 4,
        "active": 3,
        "scheduled": 0,
        "work": 127,
        "workers": 1,
        "capacity": 4,
        "load": 31.75,
        "oldest_age_seconds": None,
        "drain_eta_seconds": None,
        "observed_at": "2026-11-21T08:51:57.500Z",
        "age_seconds": 1.5,
        "unknown": {"oldest_age_seconds": "Nobody tells", "drain_eta_seconds": "Nobody tells"},
    }


def test_a_queue_whose_tasks_are_all_prefetched_has_work() -> None:
    """`ready` alone reads 0 here, and whoever scales by it ends the worker."""
    found = load(ready=0, unacknowledged=8)

    assert (found.ready, found.work, found.load) == (0, 8, 2.0)


def test_tasks_that_are_acknowledged_early_are_counted_while_they_run() -> None:
    """The broker has forgotten them; a heartbeat and events have not."""
    by_heartbeat = load(ready=0, unacknowledged=0, active=3)
    by_events = load(held(running=3, waiting=2), ready=0, unacknowledged=2, active=None)

    assert (by_heartbeat.work, by_heartbeat.active) == (3, 3)
    assert (by_events.work, by_events.active) == (5, 3)


def test_tasks_that_are_acknowledged_late_are_not_counted_twice() -> None:
    assert load(held(running=3, waiting=2), ready=1, unacknowledged=5, active=3).work == 6


def test_tasks_that_wait_for_their_eta_are_told_apart() -> None:
    """A worker has them unacknowledged, perhaps for days, and can't begin them."""
    found = load(held(later=9, waiting=1), ready=0, unacknowledged=10)

    assert (found.unacked, found.scheduled, found.work) == (10, 9, 1)


def test_what_rabbitmq_does_not_tell_is_null_with_the_reason_and_the_work_is_known_by_events() -> None:
    told = row(ready=1, unknown={"unacknowledged": "see --broker-api"})

    found = load_of(told, {"w1": worker("work")}, [held(waiting=4)], NOW, NOW)

    assert (found.unacked, found.unknown["unacked"], found.work) == (None, "see --broker-api", 5)


def test_a_heartbeat_counts_for_a_queue_what_is_not_known_to_be_of_another() -> None:
    workers = {"w1": worker("work", "mail", active=5)}
    tasks = [held(queue="mail", running=2)]

    counts = [load_of(row(name), workers, tasks, NOW, NOW).active for name in ("work", "mail")]

    assert counts == [3, 5]


def test_a_worker_that_has_stopped_consuming_still_runs_what_it_has() -> None:
    workers = {"w1": worker(active=2), "w2": worker("work")}

    found = load_of(row(), workers, [held("w1", running=2)], NOW, NOW)

    assert (found.active, found.work, found.workers) == (2, 2, 1)


def test_a_task_whose_queue_nobody_knows_counts_where_it_may_be_from() -> None:
    workers = {"w1": worker("work", active=None), "w2": worker("mail", active=None)}
    tasks = [held("w1", None, running=1, waiting=1)]

    works = [load_of(row(name), workers, tasks, NOW, NOW).work for name in ("work", "mail")]

    assert works == [2, 0]


def test_without_workers_the_load_is_the_work_so_that_the_first_comes() -> None:
    found = load_of(row(ready=7), {}, [], NOW, NOW)
    idle = load_of(row(ready=0), {}, [], NOW, NOW)

    assert (found.workers, found.capacity, found.load) == (0, 0, 7.0)
    assert idle.load == 0.0


@pytest.mark.parametrize(
    ("silent", "field", "why"),
    [
        ({"queues": None}, "workers", "which queues"),
        ({"queues": None}, "load", "which queues"),
        ({"size": None, "most": None}, "load", "size of its pool"),
    ],
)
def test_what_a_worker_has_not_said_is_null_and_never_0(silent: dict[str, Any], field: str, why: str) -> None:
    found = load_of(row(ready=3), {"w1": replace(worker("work"), **silent)}, [], NOW, NOW)

    assert getattr(found, field) is None
    assert why in found.unknown[field]


def test_a_worker_that_sizes_its_pool_itself_can_what_it_may_grow_to() -> None:
    stats = {"pool": {"processes": [1, 2]}, "autoscaler": {"max": 8, "min": 1}}

    found = consumer(None, {"stats": stats, "active_queues": [{"name": "work"}]})

    assert (found.size, found.most, found.autoscales) == (2, 8, True)


def test_of_a_worker_that_has_said_nothing_nothing_is_known() -> None:
    found = consumer(None, {})

    assert (found.queues, found.size, found.active) == (None, None, None)
