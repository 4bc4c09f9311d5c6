"""Which workers a policy sizes, and what it measures."""

from dataclasses import replace
from typing import Any

import pytest

from flower_monitor.autoscale.matching import matched, sample, target
from tests.monitor.autoscale.made import held, policy, row, situation, worker

PREFORK = "celery.concurrency.prefork:TaskPool"
AGE = {"metric": "oldest_age"}


def test_the_work_of_a_queue_is_measured_and_what_others_can_is_known() -> None:
    seen = situation(
        [row("work", 10)],
        {"a@1": worker("work", active=1), "b@1": worker("work", size=6), "c@1": worker("mail", size=9)},
    )
    chosen = policy(match={"queue": "work", "hostname": "a@*"})

    found = sample(chosen, seen, matched(chosen, seen), 5.0)

    assert (found.measure, found.others, {name: one.size for name, one in found.workers.items()}) == (11, 6, {"a@1": 4})


def test_without_a_queue_the_work_of_all_their_queues_is() -> None:
    seen = situation([row("work", 10), row("mail", 5), row("other", 99)], {"a@1": worker("work", "mail")})
    chosen = policy(match={"hostname": "a@*"})

    assert sample(chosen, seen, matched(chosen, seen), 0).measure == 15


def test_a_task_whose_queue_nobody_knows_is_work_once() -> None:
    """Clients send no task-sent events unless told to: then nobody knows it of a worker with several queues."""
    seen = situation(
        [row("work", 10), row("mail", 5), row("img")],
        {"a@1": worker("work", "mail", "img", active=4)},
        [held("a@1", None, running=4, waiting=3)],
    )
    chosen = policy(match={"hostname": "a@*"})

    assert sample(chosen, seen, matched(chosen, seen), 0).measure == 22
    assert target(chosen, seen) == 28


def test_what_the_broker_knows_of_each_queue_is_work_of_all() -> None:
    seen = situation(
        [row("work", unacknowledged=7), row("mail", unacknowledged=6)],
        {"a@1": worker("work", "mail", active=2)},
        [held("a@1", None, running=2, later=4)],
    )
    chosen = policy(match={"hostname": "a@*"})

    assert sample(chosen, seen, matched(chosen, seen), 0).measure == 9


@pytest.mark.parametrize(
    ("fields", "measure"),
    [({"metric": "ready"}, 10), ({"metric": "oldest_age"}, 33.0), ({"metric": "load"}, 12)],
)
def test_a_metric_is_what_it_says(fields: dict[str, str], measure: float) -> None:
    seen = situation([row("work", 10, oldest_age=33.0)], {"w1": worker("work")}, [held(running=2)])
    chosen = policy(**fields)

    assert sample(chosen, seen, matched(chosen, seen), 0).measure == measure


def test_an_age_that_nobody_knows_is_not_known() -> None:
    seen = situation([row("work", 10)], {"w1": worker("work")})
    chosen = policy(metric="oldest_age")

    assert sample(chosen, seen, matched(chosen, seen), 0).measure is None
    assert target(chosen, seen) is None


@pytest.mark.parametrize("rows", [[], [row("work", None, unknown={"ready": "refused"})]])
def test_a_queue_that_can_not_be_seen_is_not_known(rows: list[Any]) -> None:
    seen = situation(rows, {"w1": worker("work")})

    assert sample(policy(), seen, matched(policy(), seen), 0).measure is None
    assert target(policy(), seen) is None


def test_another_worker_of_unknown_size_makes_it_unknown() -> None:
    """What it can do is not asked for again; asked for in vain it would be too much."""
    seen = situation([row("work", 10)], {"a@1": worker("work"), "b@1": worker("work", size=None)})
    chosen = policy(match={"queue": "work", "hostname": "a@*"})

    assert sample(chosen, seen, matched(chosen, seen), 0).measure is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "celery.concurrency.solo:TaskPool"}, "solo"),
        ({"kind": "celery.concurrency.thread:TaskPool"}, "threads"),
        ({"kind": PREFORK, "autoscales": True}, "--autoscale"),
        ({"size": None}, "has not said"),
    ],
)
def test_a_worker_that_can_not_be_sized_is_left_alone_with_the_reason(fields: dict[str, Any], why: str) -> None:
    seen = situation([row("work", 10)], {"w1": replace(worker("work"), **fields)})

    found = matched(policy(), seen)

    assert found.workers == {}
    assert why in found.left["w1"]


def test_a_worker_is_sized_by_one_policy() -> None:
    seen = situation([row("work", 10)], {"w1": worker("work")})

    assert matched(policy(), seen, {"w1": "first"}).left == {"w1": "the policy first sizes it"}


def test_a_drained_worker_has_no_share_of_the_work() -> None:
    """By its name it fits as before, and half of the work would be left to it."""
    seen = situation([row("work", 10)], {"w1": worker("work"), "w2": worker()})
    found = matched(policy(match={"hostname": "w*"}), seen)

    assert (list(found.workers), found.left) == (["w1"], {"w2": "it consumes no queue: perhaps it is drained"})


@pytest.mark.parametrize(
    ("rows", "workers", "fields", "why"),
    [
        ([row("work")], {"w1": worker()}, {"match": {"hostname": "w1"}}, "no worker has said which queues it consumes"),
        ([], {"w1": worker("work")}, {}, "the broker does not tell how long work is"),
        ([row("work")], {"w1": worker("work"), "w2": worker("work", size=None)}, {}, "another worker of its queues"),
        ([row("work", unknown={"oldest_age": "no task-sent"})], {"w1": worker("work")}, AGE, "work: no task-sent"),
    ],
)
def test_what_is_not_known_says_why(rows: list[Any], workers: dict[str, Any], fields: dict[str, Any], why: str) -> None:
    seen = situation(rows, workers)
    chosen = policy(**fields)

    assert sample(chosen, seen, matched(chosen, seen), 0).unknown.startswith(why)


def test_a_target_is_of_all_workers_and_knows_no_bounds() -> None:
    seen = situation([row("work", 100)], {"w1": worker("work"), "w2": worker("work")})

    assert target(policy(target=0.5, max=4), seen) == 200


def test_a_target_by_age_begins_with_what_there_is() -> None:
    seen = situation([row("work", 1, oldest_age=120.0)], {"w1": worker("work"), "w2": worker("work")})
    nobody = situation([row("work", 1, oldest_age=120.0)], {})
    chosen = policy(metric="oldest_age", target=60)

    assert (target(chosen, seen), target(chosen, nobody)) == (16, 2)
