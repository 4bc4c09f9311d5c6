"""What a worker did before the word came of the queue is counted under the queue, when the word comes in the batch."""

from collections.abc import Sequence

import pytest

from flower_monitor.constants import EVENT_TYPES
from flower_monitor.fold import only_queues, tasks
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from tests.monitor.fold.made import World, event


def sent(at: float = 1000.0, **fields: str) -> Event:
    return event("sent", at=at, name="t", **{"queue": "q", **fields})


def worked() -> list[Event]:
    """What a worker tells of a task."""
    return [
        event("received", at=1000.5, name="t"),
        event("started", at=1001.0),
        event("failed", at=1002.0, exception="E()"),
    ]


def fold(*batch: Sequence[Event]) -> World:
    """Heaps of events that come one after the other in a batch."""
    world = World()
    for events in batch:
        world.tasks.fold(events, 0.0)
    world.tasks.count_untold()
    return world


def counted(world: World) -> dict[tuple[str, str | None], int]:
    """Events by type and queue."""
    return {(EVENT_TYPES[code], world.text(queue)): n for (_, code, _, queue), n in world.tasks.counts.items()}


ALL = {(f"task-{kind}", "q"): 1 for kind in ("sent", "received", "started", "failed")}


@pytest.mark.parametrize("place", range(4))
def test_events_are_counted_by_queue_whenever_its_word_comes_in_a_batch(place: int) -> None:
    events = worked()
    events.insert(place, sent())

    assert counted(fold(*([one] for one in events))) == ALL


def test_what_is_measured_is_the_same_as_in_order() -> None:
    late, ordered = fold([*worked(), sent()]), fold([sent(), *worked()])

    assert list(late.tasks.measures.waits.values()) == list(ordered.tasks.measures.waits.values())
    assert list(late.tasks.rollup.values()) == list(ordered.tasks.rollup.values())
    for failure in late.tasks.measures.failures:
        assert [late.text(number) for number in failure] == ["w1@host", "t", "q", "E"]


def test_without_a_word_it_is_counted_without_a_queue() -> None:
    world = fold(worked())

    assert {queue for _, queue in counted(world)} == {None}
    assert sum(world.tasks.counts.values()) == 3


def test_a_word_in_a_later_batch_is_for_what_comes_then() -> None:
    world = fold(worked()[:1])
    world.tasks.fold([sent(), *worked()[1:]], 0.0)

    assert counted(world)["task-received", None] == 1
    assert counted(world)["task-started", "q"] == 1


def test_the_word_of_a_retry_says_nothing_of_when_the_attempt_before_was_sent() -> None:
    world = fold([*worked()[:2], event("retried", at=1002.0), sent(1002.1, eta="2030-01-01T00:00:00")])

    assert world.tasks.measures.waits == {}
    assert counted(world)["task-started", "q"] == 1


def test_starts_are_told_at_once_in_their_order() -> None:
    """Heartbeats among them count what was started before."""
    world = World()
    world.tasks.fold(worked(), 0.0)

    assert [one.type for one in world.tasks.starts] == ["task-started"]


def test_the_same_events_again_are_not_counted_again() -> None:
    world = World()
    events = [*worked(), sent()]
    world.tasks.fold(events, 0.0)
    world.tasks.fold(events, 0.0)
    world.tasks.count_untold()

    assert counted(world) == ALL


def test_where_no_client_tells_nothing_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "VAIN", 2)
    world = World()
    world.fold(*worked())
    world.tasks.fold([event("received", uuid="other")], 0.0)

    assert world.tasks._untold == []
    assert sum(world.tasks.counts.values()) == 4


def test_the_first_that_tells_makes_others_wait_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "VAIN", 2)
    world = World()
    world.fold(*worked()).fold(event("sent", uuid="another", queue="q"))
    world.tasks.fold([event("received", uuid="other"), event("sent", uuid="other", queue="q")], 0.0)
    world.tasks.count_untold()

    assert counted(world)["task-received", "q"] == 1


def test_no_more_wait_than_memory_is_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST", 1)
    world = World()
    world.tasks.fold(worked(), 0.0)

    assert (len(world.tasks._untold), sum(world.tasks.counts.values())) == (1, 2)


def test_the_task_itself_is_as_if_nothing_waited() -> None:
    world = World()
    world.tasks.fold(worked(), 0.0)

    assert world.state() == "FAILURE"
    assert world.row()[r.EXCEPTION] == "E()"


@pytest.mark.parametrize(("said", "queue"), [("mail", "mail"), ("", None)])
def test_what_a_worker_of_one_queue_does_is_of_that_queue(said: str, queue: str | None) -> None:
    world = World()
    world.tasks.consumption.learn({"w1@host": said})
    world.fold(*worked())

    assert {found for _, found in counted(world)} == {queue}
    assert {world.text(failure[2]) for failure in world.tasks.measures.failures} == {queue}


def test_what_a_client_tells_counts_more_than_what_a_worker_consumes() -> None:
    world = World()
    world.tasks.consumption.learn({"w1@host": "mail"})
    world.fold(*worked(), sent())

    assert counted(world) == ALL


def test_what_a_worker_consumes_is_not_told_of_the_task() -> None:
    """It may say what the queue is that this worker takes from, and not how many others take from it."""
    world = World()
    world.tasks.consumption.learn({"w1@host": "mail"})
    world.fold(*worked())

    assert world.row()[r.QUEUE] is None
    assert {queue for _, _, queue, _ in world.tasks.rollup} == {0}


def test_workers_without_end_take_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(only_queues, "MOST", 2)
    known = World().tasks.consumption
    for number in range(5):
        known.learn({f"w{number}": "mail"})

    assert [bool(known.of(f"w{number}")) for number in range(5)] == [False] * 4 + [True]
