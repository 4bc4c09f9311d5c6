"""How long tasks waited and ran, and what they failed of."""

from datetime import UTC, datetime

import pytest

from flower_monitor.constants import RUNTIME_BUCKETS, WAIT_BUCKETS
from flower_monitor.fold import measures, tasks
from flower_monitor.fold.measures import SLOWEST_KEPT, UNKNOWN, exception_class
from flower_monitor.fold.tasks import counted_as
from tests.monitor.fold.made import UUID, WORKER, World, event

ETA, PAST = (datetime.fromtimestamp(at, UTC).isoformat() for at in (1060, 900))


@pytest.fixture
def world() -> World:
    return World()


def waited(world: World) -> list[tuple[int, float]]:
    """How many, and seconds together, of each bucket."""
    return [(int(n), total) for n, total in world.tasks.measures.waits.values()]


@pytest.mark.parametrize(
    ("eta", "started", "seconds"),
    [(None, 1003.0, 3.0), (None, 999.0, 0.0), (ETA, 1062.0, 2.0), (ETA, 1050.0, 0.0), (PAST, 1003.0, 3.0)],
    ids=["sent", "by a clock behind", "its time", "before its time", "a time gone by"],
)
def test_a_task_waits_from_when_it_was_sent_or_was_to_start(
    world: World, eta: str | None, started: float, seconds: float
) -> None:
    world.fold(event("sent", at=1000.0, eta=eta), event("received", at=1000.5), event("started", at=started))

    assert waited(world) == [(1, seconds)]


@pytest.mark.parametrize("eta", ["soon", "9999-99-99"])
def test_a_time_that_is_none_measures_nothing(world: World, eta: str) -> None:
    world.fold(event("sent", at=1000.0, eta=eta), event("started", at=1003.0))

    assert waited(world) == []


def test_a_task_that_nobody_was_told_of_measures_no_wait(world: World) -> None:
    world.fold(event("received"), event("started"))

    assert waited(world) == []


def test_each_attempt_waits_for_itself(world: World) -> None:
    world.fold(event("sent", at=1000.0), event("started", at=1001.0), event("sent", at=1010.0))
    world.fold(event("retried", at=1010.1), event("started", at=1012.0))

    assert sum(n for n, _ in waited(world)) == 2
    assert sum(total for _, total in waited(world)) == pytest.approx(3.0)


def test_waits_and_runs_are_put_into_their_buckets_by_worker_name_and_queue(world: World) -> None:
    world.fold(
        event("sent", at=1000.0, name="t", queue="q"),
        event("started", at=1000.2),
        event("succeeded", at=1000.5, runtime=0.3),
    )

    ((*series, waited_place),), ((*of_runs, ran_place),) = world.tasks.measures.waits, world.tasks.measures.runtimes
    assert [world.text(number) for number in series] == [WORKER, "t", "q"]
    assert of_runs == series
    assert WAIT_BUCKETS[waited_place - 1] < 0.2 <= WAIT_BUCKETS[waited_place]
    assert RUNTIME_BUCKETS[ran_place - 1] < 0.3 <= RUNTIME_BUCKETS[ran_place]


def test_the_same_events_again_measure_nothing(world: World) -> None:
    events = [event("sent"), event("started"), event("failed", exception="E()")]
    world.fold(*events).fold(*events)

    assert sum(n for n, _ in waited(world)) == 1
    assert [n for n, _, _ in world.tasks.measures.failures.values()] == [1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ValueError('no')", "ValueError"), ("billiard.exceptions.TimeLimit('x')", "billiard.exceptions.TimeLimit"),
        ("KeyError()", "KeyError"), ("<Odd: secret>", UNKNOWN), ("no class at all", UNKNOWN), ("[redacted]", UNKNOWN),
        ("", UNKNOWN), (None, UNKNOWN),
    ],
)  # fmt: skip
def test_an_exception_is_known_by_its_class_alone(text: str | None, name: str) -> None:
    assert exception_class(text) == name


def test_failures_are_counted_by_exception_and_the_last_is_known(world: World) -> None:
    for uuid, exception in (("a", "KeyError(1)"), ("b", "ValueError()"), ("c", "KeyError(2)")):
        world.fold(event("failed", uuid=uuid, at=ord(uuid), exception=exception))

    found = {world.text(key[3]): value for key, value in world.tasks.measures.failures.items()}
    assert found == {"KeyError": (2, "c", 99.0), "ValueError": (1, "b", 98.0)}


def test_exceptions_without_end_make_no_series_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "FAILURES", 2)
    for number in range(5):
        world.fold(event("failed", uuid=str(number), exception=f"Error{number}()"))

    assert {key[3]: n for key, (n, _, _) in world.tasks.measures.failures.items() if not key[3]} == {0: 3}
    assert len(world.tasks.measures.failures) == 3


def test_past_the_bound_on_series_runs_and_waits_are_nobodys(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SERIES", 0)
    for number in range(3):
        uuid = str(number)
        world.fold(event("sent", uuid=uuid, name=f"t{number}"), event("started", uuid=uuid))
        world.fold(event("succeeded", uuid=uuid, runtime=1.0), event("failed", uuid=f"f{uuid}"))

    found = world.tasks.measures
    assert {key[:3] for key in (*found.runtimes, *found.waits, *found.failures)} == {(0, 0, 0)}
    assert list(found.slowest) == [(0, 0, 0)]


def test_the_slowest_is_kept_for_an_hour(world: World) -> None:
    for uuid, at, runtime in (("slow", 0.0, 9.0), ("quick", 1.0, 0.1), ("later", SLOWEST_KEPT + 1, 0.2)):
        world.fold(event("succeeded", uuid=uuid, at=at, runtime=runtime))
        if uuid == "quick":
            assert [one[1] for one in world.tasks.measures.slowest.values()] == ["slow"]

    assert [one[1] for one in world.tasks.measures.slowest.values()] == ["later"]


def test_what_is_stored_is_measured_no_more_and_a_quicker_one_is_not_the_slowest(world: World) -> None:
    world.fold(event("succeeded", uuid=UUID, at=1.0, runtime=9.0))
    world.tasks.prepare()
    world.tasks.settle()
    world.fold(event("succeeded", uuid="quick", at=2.0, runtime=1.0))

    assert world.tasks.measures.slowest == {}
    assert [n for n, _ in world.tasks.measures.runtimes.values()] == [1]


def test_a_forgotten_sender_begins_anew(world: World) -> None:
    world.fold(event("succeeded", uuid="1", at=1.0, runtime=9.0), event("failed", uuid="2", exception="E()"))
    world.tasks.prepare()
    world.tasks.settle()

    world.tasks.forget({world.names.number(WORKER)})

    world.fold(event("succeeded", uuid="3", at=2.0, runtime=1.0))
    assert [one[1] for one in world.tasks.measures.slowest.values()] == ["3"]


def test_forgetting_makes_room_for_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SERIES", 1)
    monkeypatch.setattr(measures, "FAILURES", 1)
    world.fold(event("failed", uuid="1", host="w1@gone", exception="E()"))

    world.tasks.forget({world.names.number("w1@gone")})

    world.fold(event("failed", uuid="2", host="w2@new", exception="E()"))
    assert {world.text(series[0]) for series in world.tasks.counts} == {"w1@gone", "w2@new"}
    assert {world.text(key[3]) for key in world.tasks.measures.failures} == {"E"}


def test_clients_of_a_host_are_counted_as_one(world: World) -> None:
    """M2: each process that ever sends a task would be a series for ever."""
    for pid in range(3):
        world.fold(event("sent", uuid=str(pid), host=f"gen{pid}@web", name="t"))
    world.fold(event("sent", uuid="other", host="beat@web", name="t"))

    assert {world.text(series[0]): n for series, n in world.tasks.counts.items()} == {"gen@web": 3, "beat@web": 1}


@pytest.mark.parametrize("name", ["celery@host", "gen@host", "generator1@host", "w-gen1@host", ""])
def test_no_worker_is_taken_for_a_client(name: str) -> None:
    assert counted_as(name) == name
