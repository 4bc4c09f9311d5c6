"""A queue as the API tells it."""

import pytest

from flower_monitor.queues.records import Depth
from flower_monitor.queues.rows import Facts, QueueRow, queue_row

NOTHING = Facts(now=1000.0, ended=None, told=frozenset(), consumers=None, sent={}, growth={})


def test_for_each_field_that_is_null_there_is_a_reason() -> None:
    row = queue_row(Depth(name="work", ready=None), NOTHING)

    nulls = {field for field in QueueRow.__struct_fields__ if getattr(row, field) is None}
    assert set(row.unknown) == nulls
    assert all(row.unknown.values())


def test_the_broker_knows_its_reasons_better() -> None:
    row = queue_row(Depth(name="work", ready=1, unknown={"unacknowledged": "Ask otherwise"}), NOTHING)

    assert row.unknown["unacknowledged"] == "Ask otherwise"


def test_everything_that_is_known_is_told() -> None:
    depth = Depth(name="work", ready=10, unacknowledged=2, by_priority={"0": 10}, heads=("task-1", "task-2"))
    facts = NOTHING._replace(
        ended={"work": 3.0}, consumers={"work": 4}, sent={"task-1": 990.0, "task-2": 900.0}, growth={"work": -2.0}
    )

    row = queue_row(depth, facts)

    assert (row.ready, row.unacknowledged, row.consumers, row.oldest_age) == (10, 2, 4, 100.0)
    assert (row.rate_in, row.rate_out, row.growth, row.drain_time) == (1.0, 3.0, -2.0, 5.0)
    assert row.unknown == {}


@pytest.mark.parametrize(("told", "rate"), [(frozenset({"work"}), 0.0), (frozenset({"mail"}), None)])
def test_no_end_of_a_task_is_a_rate_of_0_only_where_events_tell_of_the_queue(
    told: frozenset[str], rate: float | None
) -> None:
    facts = NOTHING._replace(ended={}, told=told)

    assert queue_row(Depth(name="work", ready=10), facts).rate_out == rate


def test_consumers_of_the_broker_win_and_nobody_is_0() -> None:
    facts = NOTHING._replace(consumers={"mail": 3})

    rows = [queue_row(Depth(name="work", ready=0, consumers=n), facts).consumers for n in (7, 0, None)]

    assert rows == [7, 0, 0]


@pytest.mark.parametrize(
    ("heads", "age"),
    [
        (("task-1",), 10.0),
        (("task-1", "unseen"), None),
        (("ahead",), 0.0),
        ((), None),
    ],
)
def test_the_age_is_known_when_all_that_are_next_are(heads: tuple[str, ...], age: float | None) -> None:
    facts = NOTHING._replace(sent={"task-1": 990.0, "ahead": 1001.0})

    assert queue_row(Depth(name="work", ready=10, heads=heads), facts).oldest_age == age


def test_the_age_may_be_told_by_the_broker() -> None:
    assert queue_row(Depth(name="work", ready=10, head_at=400.0), NOTHING).oldest_age == 600.0


def test_in_an_empty_queue_nothing_is_old() -> None:
    assert queue_row(Depth(name="work", ready=0), NOTHING).oldest_age == 0.0
