"""Where a task differs from what celery.events.state makes of it, on purpose: late, repeated and unordered events."""

import pytest

from flower_monitor.fold import row as r
from flower_monitor.fold.task import LONGEST_HISTORY
from tests.monitor.fold.made import UUID, World, event


def test_a_late_started_does_not_reopen_a_finished_task() -> None:
    world = World().fold(event("received", at=1), event("succeeded", at=3), event("started", at=2))

    assert world.state() == "SUCCESS"
    assert world.row()[r.STARTED] == 2
    assert world.row()[r.TS] == 3


def test_a_late_retry_does_not_reopen_a_finished_task() -> None:
    """In Celery any RETRY takes the state, whenever it comes."""
    world = World().fold(event("started", at=1), event("succeeded", at=3), event("retried", at=2))

    assert world.state() == "SUCCESS"


def test_a_retry_after_the_end_reopens_it() -> None:
    """A message that was delivered again and is now retried, in order: as Celery."""
    world = World().fold(event("succeeded", at=1), event("retried", at=2))

    assert world.state() == "RETRY"


def test_a_late_started_of_the_attempt_before_does_not_end_a_retry() -> None:
    world = World().fold(event("received", at=1), event("retried", at=3), event("started", at=2))

    assert world.state() == "RETRY"


def test_the_next_attempt_ends_a_retry_whatever_the_clock_of_its_worker_says() -> None:
    """Clocks of two hosts are not compared: the order of arrival decides."""
    world = World().fold(event("retried", at=5000), event("received", at=1400, host="w2@slow"))

    assert world.state() == "RECEIVED"
    assert world.text(world.row()[r.WORKER]) == "w2@slow"


def test_a_late_event_of_the_worker_before_takes_nothing_from_the_one_that_has_it_now() -> None:
    """In Celery whoever spoke last has the task."""
    world = World().fold(
        event("received", at=1), event("retried", at=3), event("received", at=4, host="w2@host"), event("started", at=2)
    )

    assert world.state() == "RECEIVED"
    assert world.text(world.row()[r.WORKER]) == "w2@host"
    assert world.row()[r.TS] == 4


def test_sent_does_not_end_a_retry() -> None:
    """It comes from a client, over another connection than the worker's events. Celery makes it PENDING."""
    world = World().fold(event("retried"), event("sent"))

    assert world.state() == "RETRY"


@pytest.mark.parametrize("state", ["received", "started", "succeeded", "failed", "revoked", "rejected"])
def test_sent_after_a_workers_event_adds_but_takes_nothing(state: str) -> None:
    world = World().fold(event(state, at=1), event("sent", at=9, queue="q", name="t"))

    assert world.row()[r.SENT] == 9
    assert world.text(world.row()[r.QUEUE]) == "q"
    assert world.text(world.row()[r.NAME]) == "t"
    assert world.row()[r.TS] == 1
    assert world.text(world.row()[r.WORKER]) == "w1@host"


def test_the_same_event_again_changes_and_counts_nothing() -> None:
    succeeded = event("succeeded", runtime=1.0)
    world = World().fold(event("started"), succeeded)
    before = list(world.row())

    world.fold(succeeded)

    assert world.row() == before
    assert sum(world.tasks.counts.values()) == 2
    assert [sums.n for sums in world.tasks.rollup.values()] == [1]


def test_what_an_event_does_not_say_blanks_nothing() -> None:
    world = World().fold(event("sent", args="(1,)", eta="then"), event("received", args=None, eta=None))

    assert world.row()[r.ARGS] == "(1,)"
    assert world.row()[r.ETA] == "then"


def test_a_history_is_bounded_and_keeps_its_beginning() -> None:
    world = World().fold(event("received", at=1))
    for time in range(2, 1000):
        world.fold(event("retried", at=time))

    entries = list(r.ENTRY.iter_unpack(world.row()[r.HISTORY]))
    assert len(entries) * r.ENTRY.size == LONGEST_HISTORY
    assert (entries[0][2], entries[-1][2]) == (1, 999)


def test_tasks_are_counted_by_state() -> None:
    world = World().fold(event("sent"), event("received"), event("received", uuid="other"), event("failed"))

    assert {state: n for state, n in world.tasks.tally.items() if n} == {1: 1, 4: 1}


def test_a_settled_task_keeps_its_place_but_not_its_texts() -> None:
    world = World().fold(event("received", args="(1,)"))

    world.tasks.prepare()
    world.tasks.settle()

    assert world.row()[r.ARGS] is None
    assert world.tasks.outbox.new == {}
    assert world.fold(event("started")).tasks.outbox.advanced.keys() == {UUID}
