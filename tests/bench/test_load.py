"""The load."""

import collections
import json

import pytest

from bench.load.shape import Shape
from bench.load.stream import Load

FIELDS = {"hostname", "utcoffset", "pid", "clock", "uuid", "timestamp", "type"}


def events(load: Load, messages: int = 2000) -> list[dict[str, object]]:
    """Events of so many messages and of what is needed to end all tasks."""
    bodies = [load.next_message().body for _ in range(messages)]
    bodies += [message.body for message in load.finish()]
    decoded = [json.loads(body) for body in bodies]
    return [event for body in decoded for event in (body if isinstance(body, list) else [body])]


def lives(found: list[dict[str, object]]) -> dict[object, list[object]]:
    """Task -> types of its events, in order."""
    tasks = collections.defaultdict(list)
    for event in found:
        tasks[event["uuid"]].append(event["type"])
    return tasks


def test_every_task_comes_to_its_end() -> None:
    load = Load()

    ends = collections.Counter(str(types[-1]) for types in lives(events(load)).values())

    assert ends == {"task-succeeded": load.states["SUCCESS"], "task-failed": load.states["FAILURE"]}


def test_a_task_is_sent_received_started_and_done_in_this_order() -> None:
    load = Load(Shape(fail=0, retry=0, batch="1"))

    expected = ["task-sent", "task-received", "task-started", "task-succeeded"]
    assert all(
        sorted(types, key=lambda kind: expected.index(str(kind))) == expected for types in lives(events(load)).values()
    )


def test_it_counts_what_it_gave() -> None:
    load = Load()

    assert len(events(load)) == load.events == load.types.total()


def test_the_same_seed_gives_the_same_tasks_with_other_ids() -> None:
    one, other = events(Load(Shape(seed=3))), events(Load(Shape(seed=3)))

    assert [event.get("kwargs") for event in one] == [event.get("kwargs") for event in other]
    assert not lives(one).keys() & lives(other).keys()


def test_every_event_has_what_the_dispatcher_adds() -> None:
    assert all(event.keys() >= FIELDS for event in events(Load()))


@pytest.mark.parametrize(("batch", "sizes"), [("1", {1}), ("24", {24}), ("real", {1, 2, 3, 4})])
def test_messages_have_the_sizes_that_were_asked_for(batch: str, sizes: set[int]) -> None:
    load = Load(Shape(batch=batch, sent=False))

    assert {load.next_message().events for _ in range(3000)} == sizes


def test_real_tasks_have_four_events_and_a_little() -> None:
    load = Load()

    assert 4.0 < len(events(load, 20_000)) / load.tasks < 4.15


def test_ids_are_scattered() -> None:
    first = [str(uuid)[0] for uuid in lives(events(Load()))]

    assert set(first) == set("0123456789abcdef")


def test_so_many_tasks_are_in_flight() -> None:
    load = Load(Shape(in_flight=50))
    for _ in range(500):
        load.next_message()

    assert load.tasks - sum(load.types[f"task-{end}"] for end in ("succeeded", "failed")) == 50


def test_names_and_workers_are_as_many_as_wanted() -> None:
    shape = Shape(names=37, workers=9)

    assert (len(set(shape.task_names())), len(set(shape.worker_names()))) == (37, 9)
