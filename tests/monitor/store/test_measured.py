"""What metrics are made of outlives the monitor: times by buckets, failures, and a task to look at."""

import time
from pathlib import Path

import pytest

from flower_monitor.exceptions import StoreUnusable
from flower_monitor.fold import tasks
from flower_monitor.fold.measures import SLOWEST_KEPT
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store


def lives(store: Store, *numbers: int, runtime: float = 1.0) -> Store:
    """Tasks of one kind from their sending to their end, in one commit."""
    for number in numbers:
        uuid = f"{number:08}-0000-0000-0000-000000000000"
        store.fold(
            event("sent", uuid=uuid, name="t", queue="q", at=100.0),
            event("started", uuid=uuid, at=102.0),
            event("succeeded", uuid=uuid, at=105.0, runtime=runtime),
        )
    return store.commit()


def test_times_go_on_after_a_restart(tmp_path: Path) -> None:
    for number in range(2):
        store = lives(Store(tmp_path / "s"), number)
        store.close()
    store = Store(tmp_path / "s")

    for (row,), total in ((store.reader.runtimes().series, 2.0), (store.reader.waits(), 4.0)):
        assert (row.worker, row.task, row.queue, row.sum) == ("w1@host", "t", "q", total)
        assert sum(row.buckets) == 2


def test_events_are_counted_by_queue(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    for uuid, queue in (("a", "one"), ("b", "two"), ("c", "one")):
        store.fold(event("sent", uuid=uuid, name="t", queue=queue))
    store.commit()

    (row,) = store.reader.event_counts(queues=True)
    totals = [(one.task, one.queue, one.n) for one in store.reader.event_totals()]
    assert sorted(row.by_queue()) == sorted(totals) == [("t", "one", 2), ("t", "two", 1)]
    assert sum(n for _, n in row.by_task()) == 3


def test_failures_add_up_and_the_last_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    for number, uuid in enumerate(("first", UUID)):
        store.fold(event("failed", uuid=uuid, name="t", at=float(number), exception="KeyError('k')")).commit()

    (row,) = store.reader.failures()
    assert (row.task, row.queue, row.exception, row.n, row.uuid, row.at) == ("t", "", "KeyError", 2, UUID, 1.0)


@pytest.mark.parametrize(
    ("runtime", "later", "kept"),
    [(2.0, 0.0, "new"), (0.5, 0.0, "old"), (0.5, SLOWEST_KEPT + 1, "new")],
    ids=["slower", "quicker", "an hour later"],
)
def test_after_a_restart_the_slowest_gives_way_as_before(
    tmp_path: Path, runtime: float, later: float, kept: str
) -> None:
    store = Store(tmp_path / "s")
    store.fold(event("succeeded", uuid="old", name="t", at=1.0, runtime=1.0)).commit()
    store.close()
    store = Store(tmp_path / "s")
    store.fold(event("succeeded", uuid="new", name="t", at=2.0 + later, runtime=runtime)).commit()

    assert [row.uuid for row in store.reader.slowest()] == [kept]


def test_a_store_says_when_its_counts_began(tmp_path: Path) -> None:
    before = time.time()

    assert before - 1 <= Store(tmp_path / "s").reader.created() <= time.time() + 1


def test_names_that_only_measures_have_stay(tmp_path: Path) -> None:
    """An exception and the queue of a wait are in no task."""
    store = Store(tmp_path / "s", tasks=1)
    now = time.time() // 3600 * 3600
    store.fold(event("sent", uuid="1", name="t", queue="once", at=now), event("started", uuid="1", at=now))
    store.fold(event("failed", uuid="1", at=now, exception="OnceError()")).commit(now)
    for hour in range(1, 9):
        store.fold(event("succeeded", uuid=f"h{hour}", name="later", at=now + hour * 3600)).commit(now + hour * 3600)
        store.commit(now + hour * 3600 + 60)

    assert store.reader.task("1") is None
    assert [(row.queue, row.exception) for row in store.reader.failures()] == [("once", "OnceError")]
    assert [row.queue for row in store.reader.waits()] == ["once"]


def test_a_worker_that_is_forgotten_takes_its_series_along_but_not_the_sums(tmp_path: Path) -> None:
    """M4: names of pods have no end."""
    store = Store(tmp_path / "s")
    for round_ in range(2):
        lives(store, round_)
        store.fold(event("failed", uuid=f"f{round_}", name="t", exception="E()")).commit()
        store.workers.gone.append("w1@host")
        store.commit()

    assert [row.type for row in store.reader.event_counts(queues=True)] == ["task-sent"]
    assert (store.reader.runtimes().series, store.reader.waits(), store.reader.failures(), store.reader.slowest()) == (
        [],
    ) * 4
    assert {row.type: row.n for row in store.reader.event_totals()} == {
        "task-sent": 2, "task-started": 2, "task-succeeded": 2, "task-failed": 2,
    }  # fmt: skip
    (row,) = store.reader.runtimes().totals
    assert (row.task, row.queue, sum(row.buckets), row.sum) == ("t", "q", 2, 2.0)
    assert store.reader.task_names() == ["t"]


def test_a_worker_that_comes_back_counts_from_0(tmp_path: Path) -> None:
    store = lives(Store(tmp_path / "s"), 1, 2)
    store.workers.gone.append("w1@host")
    store.commit()

    lives(store, 3)

    (row,) = store.reader.runtimes().series
    assert sum(row.buckets) == 1
    assert {one.type: one.n for one in store.reader.event_totals()}["task-succeeded"] == 3


def test_a_worker_is_not_forgotten_by_a_commit_that_failed(tmp_path: Path) -> None:
    store = lives(Store(tmp_path / "s"), 1)
    store.workers.gone.append("w1@host")
    store.writer._connection.execute("create trigger no before delete on runtime begin select raise(abort, 'no'); end")

    with pytest.raises(StoreUnusable):
        store.commit()

    assert len(store.reader.runtimes().series) == 1
    assert any(series[0] for series in store.tasks._series)


def test_what_is_forgotten_takes_no_room_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "s").fold(event("received", uuid="1", name="t", host="w1@gone")).commit()
    store.workers.gone.append("w1@gone")
    store.commit().close()
    monkeypatch.setattr(tasks, "SERIES", 1)

    store = Store(tmp_path / "s").fold(event("received", uuid="2", name="t", host="w2@new")).commit()

    assert [(row.sender, list(row.by_task())) for row in store.reader.event_counts()] == [("w2@new", [("t", 1)])]
