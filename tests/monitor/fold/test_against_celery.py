"""Events in the order in which things happened give the same task as celery.events.state."""

from itertools import accumulate
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
        ["started", "progress", "succeeded"],
        ["started", "progress"],
        [],
    ]
)
rejections = st.sampled_from([["rejected"], ["started", "rejected"], ["started", "progress", "rejected"]])
"""Celery leaves these as they were (test_differences.py)."""

names = st.sampled_from(["shop.pay", "shop.mail"])
texts = st.text(max_size=5)


def fields(kind: str, draw: st.DrawFn, attempt: int = 0) -> dict[str, Any]:
    """What Celery puts into an event beside who, when and what. `attempt`: its number, from 0."""
    described = {"name": "shop.pay", "args": draw(texts), "kwargs": draw(texts), "root_id": UUID, "parent_id": "p"}
    if kind == "sent":
        return {**described, "queue": "q", "exchange": "", "routing_key": "q", "eta": draw(texts), "retries": 0}
    if kind == "received":
        return {**described, "eta": "then", "expires": "never", "retries": attempt}
    if kind == "succeeded":
        return {"result": draw(texts), "runtime": draw(st.floats(0, 100))}
    return {"exception": draw(texts), "traceback": draw(texts)} if kind in ("failed", "retried") else {}


@st.composite
def lives(draw: st.DrawFn, endings: st.SearchStrategy[list[str]] = endings) -> list[dict[str, Any]]:
    """The events of a task's life, in order; a retry may be taken by another worker."""
    kinds: list[tuple[str, str]] = [("sent", CLIENT)] if draw(st.booleans()) else []
    worker = draw(st.sampled_from(WORKERS))
    for _ in range(draw(st.integers(0, 2))):
        kinds += [(kind, worker) for kind in ("received", "started", "retried")]
        worker = draw(st.sampled_from(WORKERS))
    kinds += [(kind, worker) for kind in ["received", *draw(endings)]]
    clock = draw(st.integers(0, 1000))
    received = list(accumulate(kind == "received" for kind, _ in kinds))
    return [
        told(kind, host, number, clock, fields(kind, draw, attempt - 1))
        for number, ((kind, host), attempt) in enumerate(zip(kinds, received, strict=True))
    ]


def told(kind: str, host: str, number: int, clock: int, said: dict[str, Any]) -> dict[str, Any]:
    """An event as Celery sends it; the higher the number, the later."""
    when = {"timestamp": 1000.0 + number, "clock": clock + number}
    return {"type": f"task-{kind}", "hostname": host, **when, "uuid": UUID, "pid": 1, "utcoffset": 0, **said}


@st.composite
def overlapping_lives(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A task whose retries have no countdown, as it was and as events tell it.

    Celery sends the next attempt before it says that one is retried, and a pool may tell late that it took one: so
    what tells of an attempt may come at any time after its receipt. Who took the last one told it in order.
    """
    retries = draw(st.integers(1, 4))
    workers = [draw(st.sampled_from(WORKERS)) for _ in range(retries + 1)]
    ending = draw(st.sampled_from([["started", "succeeded"], ["started", "failed"], ["started"], ["revoked"]]))
    lived = [(kind, n) for n in range(retries) for kind in ("received", "started", "retried")]
    lived += [(kind, retries) for kind in ["received", *ending]]
    heard = [one for one in lived if one[0] == "received" or one[1] == retries]
    for n in range(retries):
        started = draw(st.integers(heard.index(("received", n)) + 1, len(heard)))
        heard.insert(started, ("started", n))
        heard.insert(draw(st.integers(started + 1, len(heard))), ("retried", n))
    events = {
        (kind, n): told(kind, workers[n], number, number, fields(kind, draw, n))
        for number, (kind, n) in enumerate(heard)
    }
    return [{**events[one], "timestamp": 1000.0 + n} for n, one in enumerate(lived)], [events[one] for one in heard]


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


@given(lives(endings | rejections), st.randoms(use_true_random=False))
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
    Here no event tells of `retries`, by which we put retries before what they led to (below).
    """
    of_workers = [{**one, "retries": None} for one in events if one["type"] != "task-sent"]
    arrived = random.sample(of_workers, len(of_workers))
    again = data.draw(st.lists(st.sampled_from(arrived), max_size=3))
    in_order: list[dict[str, Any]] = []
    for one in arrived:
        newer = [o["hostname"] == one["hostname"] and o["timestamp"] > one["timestamp"] for o in in_order]
        in_order.insert(newer.index(True) if any(newer) else len(in_order), one)

    ours = World().fold(*map(our_event, [*arrived, *again]))

    assert ours.state() == celery_task(in_order).state


@given(overlapping_lives())
def test_a_retry_told_late_leaves_the_state_that_celery_makes_of_the_task_as_it_was(
    task: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    """Celery's own is RETRY for ever, when the word of one comes after the end."""
    lived, heard = task

    ours = World().fold(*map(our_event, heard))

    assert ours.state() == celery_task(lived).state


@given(lives(endings | rejections), st.data())
def test_events_that_come_twice_make_the_same_task(events: list[dict[str, Any]], data: st.DataObject) -> None:
    ours = [our_event(one) for one in events]
    again = data.draw(st.lists(st.sampled_from(ours), max_size=5))

    once, twice = World().fold(*ours), World().fold(*ours, *again)

    assert twice.row() == once.row()
    assert twice.tasks.counts == once.tasks.counts
