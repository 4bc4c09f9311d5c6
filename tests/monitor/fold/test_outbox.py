"""What the next commit writes: under load a new task waits a moment for its end, so that it is written once."""

import pytest

from flower_monitor.fold import outbox
from flower_monitor.fold import row as r
from tests.monitor.fold.made import UUID, World, event


def written(world: World, *, hold: bool = True) -> list[str]:
    """Commit; the tasks inserted by that, in their order."""
    world.tasks.prepare(hold)
    inserted = list(world.tasks.outbox.inserts)
    world.tasks.settle()
    return inserted


def test_a_new_task_is_held_back_for_some_commits() -> None:
    world = World().fold(event("received"))

    assert [written(world) for _ in range(outbox.HELD + 2)] == [*[[]] * outbox.HELD, [UUID], []]


def test_one_that_has_ended_is_written_with_the_next_commit() -> None:
    world = World().fold(event("received"))
    written(world)
    world.fold(event("started"), event("succeeded"))

    assert written(world) == [UUID]


def test_nothing_is_held_back_unless_that_is_wanted() -> None:
    world = World().fold(event("received"))

    assert written(world, hold=False) == [UUID]


def test_what_was_held_back_is_written_when_that_is_no_longer_wanted() -> None:
    world = World().fold(event("received"))
    written(world)

    assert written(world, hold=False) == [UUID]


def test_no_more_are_held_back_than_memory_is_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_HELD", 2)
    world = World().fold(*[event("received", uuid=str(number)) for number in range(3)])

    assert written(world) == ["0", "1", "2"]


def test_tasks_are_numbered_in_the_order_in_which_they_are_written() -> None:
    world = World().fold(event("received", uuid="first"), event("received", uuid="second"))
    world.fold(event("succeeded", uuid="second"))
    written(world)
    written(world, hold=False)

    assert world.row("first")[r.ID] == 2


def test_a_task_that_is_held_back_gets_its_later_events() -> None:
    world = World().fold(event("received", args="(1,)"))
    written(world)
    world.fold(event("started"))

    assert world.state() == "STARTED"
    assert world.row()[r.ARGS] == "(1,)"


def test_a_task_that_is_held_back_is_known_when_memory_let_go_of_it() -> None:
    world = World().fold(event("received"))
    written(world)
    world.tasks.unfinished.clear()
    world.fold(event("started"))

    assert written(world, hold=False) == [UUID]
    assert sum(world.tasks.tally.values()) == 0


@pytest.mark.parametrize(
    ("kind", "host", "moved"),
    [("started", None, False), ("failed", None, False), ("received", None, True), ("started", "w2@host", True)],
)
def test_only_what_an_event_may_change_is_written_anew(kind: str, host: str | None, moved: bool) -> None:
    world = World().fold(event("received"))
    written(world, hold=False)
    world.fold(event(kind, host=host))

    assert (UUID in world.tasks.outbox.dirty, UUID in world.tasks.outbox.advanced) == (moved, not moved)
