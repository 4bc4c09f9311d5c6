"""Events in the order in which things happened give the same task as celery.events.state."""

from random import Random
from typing import Any

from celery.events.state import State as CeleryState
from celery.events.state import Task as CeleryTask
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from tests.monitor.fold.made import CLIENT, UUID, World

WORKERS = ["w1@a", "w2@b"]

#: How an attempt can go on after it was received; each ends with what is next.
endings = st.sampled_from(
    [
        ["started", "succeeded"],
        ["started", "failed"],
        ["started"],
        ["revoked"],
        ["started", "revoked"],
        ["rejected"],
        ["started", "progress", "succeeded"],
        ["started", "progress"],
        [],
    ]
)
names = st.sampled_from(["shop.pay", "shop.mail"])
texts = st.text(max_size=5)


def fields(kind: str, draw: st.DrawFn) -> dict[str, Any]:
    """What Celery puts into an event beside who, when and what."""
    described = {"name": "shop.pay", "args": draw(texts), "kwargs": draw(texts), "root_id": UUID, "parent_id": "p"}
    if kind == "sent":
        return {**described, "queue": "q", "exchange": "", "routing_key": "q", "eta": draw(texts), "retries": 0}
    if kind == "received":
        return {**described, "eta": "then", "expires": "never", "retries": draw(st.integers(0, 3))}
    if kind == "succeeded":
        return {"result": draw(texts), "runtime": draw(st.floats(0, 100))}
    return {"exception": draw(texts), "traceback": draw(texts)} if kind in ("failed", "retried") else {}


@st.composite
def lives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The events of a task's life, in order; a retry may be taken by another worker."""
    kinds: list[tuple[str, str]] = [("sent", CLIENT)] if draw(st.booleans()) else []
    worker = draw(st.sampled_from(WORKERS))
    for _ in range(draw(st.integers(0, 2))):
        kinds += [(kind, worker) for kind in ("received", "started", "retried")]
        worker = draw(st.sampled_from(WORKERS))
    kinds += [(kind, worker) for kind in ["received", *draw(endings)]]
    clock = draw(st.integers(0, 1000))
    return [
        {
            "type": f"task-{kind}",
            "hostname": host,
            "timestamp": 1000.0 + number,
            "clock": clock + number,
            "uuid": UUID,
            "pid": 1,
            "utcoffset": 0,
            **fields(kind, draw),
        }
        for number, (kind, host) in enumerate(kinds)
    ]


def celery_task(events: list[dict[str, Any]]) -> CeleryTask:
    state = CeleryState()
    for one in events:
        state.event({**one, "local_received": one["timestamp"]})
    return state.tasks[UUID]


def our_event(one: dict[str, Any]) -> Event:
    return Event(**{key: value for key, value in one.items() if key in Event.__struct_fields__})


@given(lives())
def test_every_step_of_an_ordered_life_is_celerys(events: list[dict[str, Any]]) -> None:
    world = World()
    for number, one in enumerate(events, 1):
        world.fold(our_event(one))
        theirs, row = celery_task(events[:number]), world.row()

        assert world.state() == theirs.state
        assert row[r.TS] == theirs.timestamp
        assert row[r.CLOCK] == theirs.clock
        assert world.text(row[r.NAME]) == theirs.name
        assert world.text(row[r.WORKER]) == (theirs.worker.hostname if theirs.worker else None)
        assert world.text(row[r.CLIENT]) == theirs.client
        for column in ("received", "sent", "started", "succeeded", "failed", "retried", "revoked", "rejected"):
            assert row[r.COLUMNS.index(column)] == getattr(theirs, column), column
        for column in ("args", "kwargs", "result", "exception", "traceback", "eta", "expires", "runtime"):
            assert row[r.COLUMNS.index(column)] == getattr(theirs, column), column
        for column in ("retries", "exchange", "routing_key"):
            assert row[r.COLUMNS.index(column)] == getattr(theirs, column), column
        assert (row[r.ROOT] == r.SELF) == (theirs.root_id == UUID)


@given(lives(), st.randoms(use_true_random=False))
def test_the_last_state_of_one_workers_events_does_not_depend_on_the_order(
    events: list[dict[str, Any]], random: Random
) -> None:
    """Celery's depends on it: a RETRY or a STARTED that comes late takes the state."""
    of_one = [{**one, "hostname": "w1@a"} for one in events if one["type"] != "task-sent"]
    shuffled = random.sample(of_one, len(of_one))

    ordered = World().fold(*map(our_event, of_one))
    mixed = World().fold(*map(our_event, shuffled))

    assert mixed.state() == ordered.state()
    assert mixed.row()[r.TS] == ordered.row()[r.TS]


@given(lives(), st.randoms(use_true_random=False), st.data())
def test_any_order_gives_celerys_state_of_the_same_events_with_each_workers_in_order(
    events: list[dict[str, Any]], random: Random, data: st.DataObject
) -> None:
    """Late, repeated and reordered, of one worker or of several, custom ones too.

    Of what comes from two hosts the order of arrival is all there is, as for Celery; what a client says (task-sent)
    decides nothing. Fed as they come, Celery's own state depends on the order: a RETRY takes it whenever it comes.
    """
    of_workers = [one for one in events if one["type"] != "task-sent"]
    arrived = random.sample(of_workers, len(of_workers))
    again = data.draw(st.lists(st.sampled_from(arrived), max_size=3))
    in_order: list[dict[str, Any]] = []
    for one in arrived:
        newer = [o["hostname"] == one["hostname"] and o["timestamp"] > one["timestamp"] for o in in_order]
        in_order.insert(newer.index(True) if any(newer) else len(in_order), one)

    ours = World().fold(*map(our_event, [*arrived, *again]))

    assert ours.state() == celery_task(in_order).state


@given(lives(), st.data())
def test_events_that_come_twice_make_the_same_task(events: list[dict[str, Any]], data: st.DataObject) -> None:
    ours = [our_event(one) for one in events]
    again = data.draw(st.lists(st.sampled_from(ours), max_size=5))

    once, twice = World().fold(*ours), World().fold(*ours, *again)

    assert twice.row() == once.row()
    assert twice.tasks.counts == once.tasks.counts
