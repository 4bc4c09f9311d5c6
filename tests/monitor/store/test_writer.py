"""What is committed is there, once, whatever happens to the process."""

import time
import uuid
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from flower_monitor.exceptions import StoreBroken, StoreUnusable
from flower_monitor.fold.events import Event
from flower_monitor.store.records import TaskQuery
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store


def many(count: int, kind: str = "received") -> list[Event]:
    return [event(kind, uuid=str(uuid.uuid4()), name="t") for _ in range(count)]


def test_a_task_written_over_several_commits_is_one_task(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.fold(event("sent", queue="q", name="t", args="(1,)")).commit()
    store.fold(event("received", name="t")).commit()
    store.fold(event("started"), event("succeeded", result="5", runtime=0.5)).commit()

    task = store.reader.task(UUID)
    assert task is not None
    assert (task.state, task.args, task.result, task.queue, task.runtime) == ("SUCCESS", "(1,)", "5", "q", 0.5)
    assert [entry.type.removeprefix("task-") for entry in task.history] == ["sent", "received", "started", "succeeded"]
    assert store.reader.summary().states == {"SUCCESS": 1}


@pytest.mark.parametrize("end", [Store.close, Store.crash])
def test_a_task_is_found_again_after_a_restart(tmp_path: Path, end: object) -> None:
    """The filters that say where to look are stored, or made again."""
    assert callable(end)
    events = many(300)
    first = Store(tmp_path / "s")
    first.fold(*events).commit()
    end(first)

    second = Store(tmp_path / "s")
    second.fold(*[event("succeeded", uuid=one.uuid or "", host=one.hostname) for one in events]).commit()

    assert second.reader.summary().states == {"SUCCESS": 300}


def test_uuids_that_are_none_are_kept_as_they_are(tmp_path: Path) -> None:
    names = ["my-task", UUID.upper(), UUID.replace("-", ""), "g" * 36, "ä"]
    store = Store(tmp_path / "s").fold(*[event("received", uuid=name) for name in names]).commit()
    store.tasks.unfinished.clear()

    store.fold(*[event("started", uuid=name) for name in names]).commit()

    assert [found.state for name in names if (found := store.reader.task(name))] == ["STARTED"] * len(names)
    assert store.reader.summary().tasks == len(names)


def test_a_commit_that_fails_writes_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    store = Store(tmp_path / "s").fold(event("received", name="t"))
    blocker = apsw.Connection(str(tmp_path / "s"))
    blocker.execute("begin immediate")
    store.writer._connection.set_busy_timeout(10)

    with pytest.raises(StoreUnusable, match="can't be written"):
        store.commit()
    assert store.reader.summary().tasks == 0

    blocker.execute("rollback")
    store.commit()
    assert store.reader.summary().states == {"RECEIVED": 1}
    assert store.reader.task_names() == ["t"]


@pytest.mark.parametrize("step", ["read", "write"])
def test_a_file_that_is_damaged_while_in_use_is_said_to_be_broken(tmp_path: Path, step: str) -> None:
    """Ingest then starts a new one; StoreUnusable would be tried again for ever."""
    store = Store(tmp_path / "s").fold(*many(2000)).commit()
    store.fold(event("received")).commit()
    store.tasks.unfinished.clear()
    connection = store.writer._connection
    connection.execute("pragma wal_checkpoint(truncate); pragma shrink_memory").fetchall()
    with (tmp_path / "s").open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * ((tmp_path / "s").stat().st_size - 8192))

    with pytest.raises(StoreBroken):
        store.fold(event("started") if step == "read" else event("received", uuid="new")).commit()


def test_counts_of_events_go_on_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store(tmp_path / "s")
        store.fold(event("received", name="t", uuid=str(uuid.uuid4()))).commit()
        store.close()
    store = Store(tmp_path / "s")

    (row,) = store.reader.event_counts()
    assert (row.sender, row.type, dict(row.by_task())) == ("w1@host", "task-received", {"t": 2})


def test_changes_name_what_commits_changed_and_how_far_they_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "s").fold(*many(3)).commit()
    seen = store.reader.batch()
    store.fold(event("received")).commit().fold(event("started")).commit()

    changes = store.reader.changed_since(seen)

    assert [task.uuid for task in changes.items] == [UUID]
    assert changes.items[0].state == "STARTED"
    assert (changes.batch, changes.truncated) == (seen + 2, False)
    assert store.reader.changed_since(changes.batch).items == []


def test_changes_say_when_they_are_not_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "s").fold(*many(2)).commit()
    seen = store.reader.batch()
    store.fold(*many(700)).commit()

    changes = store.reader.changed_since(seen, 500)

    assert changes.truncated
    assert len(changes.items) == 500


def test_what_ended_is_summed_by_minute(tmp_path: Path) -> None:
    now = time.time()
    store = Store(tmp_path / "s")
    for number in range(3):
        store.fold(event("succeeded", uuid=str(number), name="t", at=now, runtime=2.0)).commit()

    (row,) = store.reader.rollups(5)
    assert (row.name, row.state, row.n, row.runtime_sum) == ("t", "SUCCESS", 3, 6.0)


def test_run_times_are_put_into_flowers_buckets(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    for number, runtime in enumerate((0.005, 0.3, 99.0)):
        store.fold(event("succeeded", uuid=str(number), name="t", runtime=runtime))
    store.commit()

    (row,) = store.reader.runtimes().series
    assert (row.worker, row.task) == ("w1@host", "t")
    assert row.sum == pytest.approx(99.305)
    assert [place for place, n in enumerate(row.buckets) if n] == [0, 7, 14]


def test_children_are_found_below_their_parent(tmp_path: Path) -> None:
    child = str(uuid.uuid4())
    store = Store(tmp_path / "s")
    store.fold(event("received", root_id=UUID)).commit()
    store.fold(event("received", uuid=child, root_id=UUID, parent_id=UUID)).commit()

    parent, found = store.reader.task(UUID), store.reader.task(child)
    assert parent is not None
    assert found is not None
    assert parent.children == (child,)
    assert (found.root_id, found.parent_id) == (UUID, UUID)


def test_a_list_can_be_walked_to_its_end_in_every_order(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.fold(*many(40), *many(30, "failed"), *many(7, "retried"), *many(5, "sent")).commit()

    for sort in ("received", "-received", "name", "-state", "runtime", "-started", "timestamp", "worker"):
        for state, count in (((), 82), (("FAILURE", "RETRY"), 37), (("PENDING",), 5), (("NEVER",), 0)):
            assert len(_walk(store, TaskQuery(sort=sort, state=state, limit=9))) == count, (sort, state)


def _walk(store: Store, query: TaskQuery) -> set[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = store.reader.tasks(replace(query, cursor=cursor))
        found += [task.uuid for task in page.items]
        cursor = page.next_cursor
        if cursor is None:
            assert len(found) == len(set(found))
            return set(found)


@pytest.mark.parametrize("search", ["needle", "NEEDLE", UUID[:13], UUID, "shop.p", "%"])
def test_text_is_found_wherever_it_stands(tmp_path: Path, search: str) -> None:
    store = Store(tmp_path / "s").fold(*many(20))
    store.fold(event("received", name="shop.pay", args="('needle 100%',)")).commit()

    assert [task.uuid for task in store.reader.tasks(TaskQuery(search=search)).items] == [UUID]
