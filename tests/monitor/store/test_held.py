"""Tasks that are held back from the task table are as safe as the others, and found by their id."""

import uuid
from pathlib import Path

import pytest

from flower_monitor.exceptions import StoreUnusable
from flower_monitor.store.records import TaskQuery
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store


def held(path: Path) -> Store:
    """A store with one task that is held back, started but not ended."""
    store = Store(path).fold(event("received", name="t", args="(1,)"), event("started"))
    return store.commit(hold=True)


def test_a_task_that_is_held_back_is_found_by_its_id(tmp_path: Path) -> None:
    store = held(tmp_path / "s")

    task = store.reader.task(UUID)
    assert task is not None
    assert (task.state, task.name, task.args, len(task.history)) == ("STARTED", "t", "(1,)", 2)
    assert store.reader.tasks(TaskQuery()).items == []
    assert store.reader.task(str(uuid.uuid4())) is None


def test_one_whose_id_is_no_uuid_is_found_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "s").fold(event("received", uuid="mine"), event("received", uuid="mine-too"))
    store.commit(hold=True)

    found = store.reader.task("mine")
    assert found is not None
    assert found.uuid == "mine"


def test_after_a_crash_it_is_as_it_was_at_the_last_commit(tmp_path: Path) -> None:
    held(tmp_path / "s").crash()

    store = Store(tmp_path / "s").commit()

    (task,) = store.reader.tasks(TaskQuery(details=True)).items
    assert (task.uuid, task.state, task.args) == (UUID, "STARTED", "(1,)")
    assert store.reader.summary().states == {"STARTED": 1}


def test_its_events_go_on_after_a_crash(tmp_path: Path) -> None:
    held(tmp_path / "s").crash()

    store = Store(tmp_path / "s").fold(event("succeeded")).commit()

    assert store.reader.summary().states == {"SUCCESS": 1}
    task = store.reader.task(UUID)
    assert task is not None
    assert [entry.type for entry in task.history] == ["task-received", "task-started", "task-succeeded"]


def test_once_it_is_in_the_table_it_is_nowhere_else(tmp_path: Path) -> None:
    held(tmp_path / "s").commit().crash()

    assert Store(tmp_path / "s").tasks.outbox.new == {}


def test_a_commit_that_fails_leaves_what_was_written_down(tmp_path: Path) -> None:
    store = held(tmp_path / "s")
    store.fold(event("succeeded"))
    store.writer._connection.execute("create temp trigger t before insert on task begin select raise(abort, 'no'); end")

    with pytest.raises(StoreUnusable):
        store.commit()
    store.crash()

    assert Store(tmp_path / "s").commit().reader.summary().states == {"STARTED": 1}
