"""Where a task differs from what celery.events.state makes of it, on purpose: late, repeated and unordered events."""

import pytest

from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
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


@pytest.mark.parametrize("before", [["received"], ["received", "started"], ["received", "started", "progress"]])
def test_a_rejection_ends_what_its_worker_had(before: list[str]) -> None:
    """In Celery it takes the state of neither, and the task runs for ever."""
    world = World().fold(*map(event, before), event("rejected"))

    assert world.state() == "REJECTED"


def test_what_was_rejected_and_given_back_runs_again() -> None:
    world = World().fold(event("received"), event("started"), event("rejected"), event("received"), event("started"))

    assert world.state() == "STARTED"


def test_a_rejection_takes_nothing_from_a_task_that_failed() -> None:
    """Celery 5.7 says both of a task that raises Reject; a late start between them changes nothing."""
    world = World().fold(event("received", at=1), event("failed", at=3), event("rejected", at=4))

    assert world.fold(event("started", at=2)).state() == "FAILURE"


def test_nor_from_the_worker_that_has_it_now() -> None:
    world = World().fold(event("received", at=1), event("started", at=2), event("started", at=9, host="w2@host"))

    assert world.fold(event("rejected", at=4)).state() == "STARTED"
    assert world.fold(event("received", at=8, host="w2@host")).state() == "STARTED"


def test_a_start_told_after_the_rejection_does_not_undo_it() -> None:
    world = World().fold(event("received", at=1), event("rejected", at=3), event("started", at=2))

    assert world.state() == "REJECTED"


def test_a_retry_after_the_end_reopens_it() -> None:
    """A message that was delivered again and is now retried, in order: as Celery."""
    world = World().fold(event("succeeded", at=1), event("retried", at=2))

    assert world.state() == "RETRY"


def attempt(number: int, *kinds: str, host: str = "w1@host") -> list[Event]:
    """Events of an attempt, from its receipt on."""
    return [event("received", host=host, retries=number), *(event(kind, host=host) for kind in kinds)]


def test_a_retry_told_after_the_next_attempt_ended_does_not_reopen_the_task() -> None:
    """Another thread or process of the worker was faster than the word of the retry; in Celery it takes the state."""
    *before, end = *attempt(0, "started"), *attempt(1, "started", "succeeded")
    retry = event("retried", exception="ValueError()")

    world = World().fold(*before, end, retry)

    assert world.state() == "SUCCESS"
    assert world.row()[r.TS] == end.timestamp
    assert world.row()[r.RETRIED] == retry.timestamp
    assert world.row()[r.EXCEPTION] == "ValueError()"


def test_nor_when_another_worker_took_the_next_attempt() -> None:
    world = World().fold(*attempt(0, "started"), *attempt(1, "started", "failed", host="w2@host"), event("retried"))

    assert world.state() == "FAILURE"
    assert world.text(world.row()[r.WORKER]) == "w2@host"


def test_nor_when_the_next_attempt_was_revoked_before_it_started() -> None:
    world = World().fold(*attempt(0, "started"), *attempt(1, "revoked"), event("retried"))

    assert world.state() == "REVOKED"


def test_nor_when_two_retries_are_told_after_the_end() -> None:
    attempts = [*attempt(0, "started"), *attempt(1, "started"), *attempt(2, "started", "succeeded")]

    assert World().fold(*attempts, event("retried"), event("retried")).state() == "SUCCESS"


def held_up() -> World:
    """All that a worker tells of the first attempt comes after another has ended the next."""
    next_one = attempt(1, "started", "succeeded", host="w2@host")
    return World().fold(*next_one, *attempt(0, "started", "retried"))


def test_nor_when_all_of_the_attempt_before_is_told_after_the_end() -> None:
    """In Celery the task is RETRY for ever."""
    assert held_up().state() == "SUCCESS"


def test_it_stays_with_the_worker_and_the_attempt_that_ended_it() -> None:
    world = held_up()

    assert (world.text(world.row()[r.WORKER]), world.row()[r.RETRIES]) == ("w2@host", 1)


def test_of_several_attempts_told_late_each_takes_its_place() -> None:
    world = World().fold(*attempt(2, "started", "succeeded", host="w3@host"))

    world.fold(*attempt(1, "started", "retried", host="w2@host"), *attempt(0, "started", "retried"))

    assert world.state() == "SUCCESS"


def test_a_message_that_is_delivered_again_may_be_run_by_either() -> None:
    world = World().fold(*attempt(0, "started", "retried"), *attempt(1, host="w2@host"), *attempt(1, host="w3@host"))

    world.fold(event("started", host="w2@host"))

    assert world.text(world.row()[r.WORKER]) == "w2@host"


def test_nor_does_what_comes_late_after_that() -> None:
    world = World().fold(event("received", at=1, retries=0), event("received", at=3, retries=1), event("started", at=4))
    world.fold(event("succeeded", at=5), event("retried", at=6))

    assert world.fold(event("started", at=2)).state() == "SUCCESS"


def test_a_task_that_failed_in_its_next_attempt_keeps_the_exception_of_that() -> None:
    world = World().fold(
        *attempt(0, "started"), *attempt(1, "started"), event("failed", exception="B()", traceback="b")
    )

    world.fold(event("retried", exception="A()", traceback="a"))

    assert (world.row()[r.EXCEPTION], world.row()[r.TRACEBACK]) == ("B()", "b")


def test_a_retry_told_while_the_next_attempt_runs_leaves_it_started() -> None:
    world = World().fold(*attempt(0, "started"), *attempt(1, "started"), event("retried"))

    assert world.state() == "STARTED"


@pytest.mark.parametrize("kinds", [["started", "received"], ["received", "started"]])
def test_a_retry_takes_the_state_while_the_next_attempt_waits_for_its_countdown(kinds: list[str]) -> None:
    """As in Celery; the second time the pool tells that it started the first attempt after the next was received."""
    retries = {"received": 1}
    world = World().fold(event("received", retries=0), *(event(kind, retries=retries.get(kind)) for kind in kinds))

    assert world.fold(event("retried")).state() == "RETRY"


def test_a_retry_takes_the_state_once_all_that_came_before_are_told() -> None:
    world = World().fold(*attempt(0, "started"), *attempt(1, "started"), event("retried"), event("retried"))

    assert world.state() == "RETRY"


def test_a_message_that_was_delivered_again_is_no_next_attempt() -> None:
    """As in Celery: the retry is of one of two runs of the same attempt, and its next one is to come."""
    world = World().fold(*attempt(0, "started"), *attempt(0, "started", "succeeded"), event("retried"))

    assert world.state() == "RETRY"


def test_a_retry_is_not_taken_for_that_of_another_worker_which_was_lost() -> None:
    world = World().fold(*attempt(0, "started"), *attempt(1, "started", "retried", host="w2@host"))

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
