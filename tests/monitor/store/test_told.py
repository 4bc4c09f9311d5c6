"""What custom events told, in the store: with the task, bounded, and gone with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flower_monitor.fold import told
from flower_monitor.fold.custom import CustomEvent
from flower_monitor.progress import TaskProgress
from flower_monitor.protect import Caps, Protection
from flower_monitor.redact import HIDDEN, Redaction, Rule
from flower_monitor.store.records import TaskDetail, TaskQuery
from tests.monitor.fold.made import UUID, WORKER, event
from tests.monitor.store.made import Store

NOW = 1_700_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "s")
    yield made
    made.close()


def tell(at: float, uuid: str = UUID, **fields: Any) -> CustomEvent:
    """A progress event."""
    return CustomEvent("task-progress", WORKER, NOW + at, uuid=uuid, fields=fields)


def task(store: Store, uuid: str = UUID) -> TaskDetail:
    found = store.reader.task(uuid)
    assert found is not None
    return found


def rows(store: Store) -> int:
    found: int = store.writer._connection.execute("select count(*) from told").get
    return found


def test_a_history_has_what_its_custom_events_told(store: Store) -> None:
    store.fold(event("started", at=NOW), tell(1, current=3, total=10), tell(2)).commit()

    assert [(entry.type, entry.fields) for entry in task(store).history] == [
        ("task-started", None),
        ("task-progress", {"current": 3, "total": 10}),
        ("task-progress", {}),
    ]


def test_a_history_has_why_a_task_was_revoked(store: Store) -> None:
    revoked = CustomEvent("task-revoked", WORKER, NOW + 1, uuid=UUID, fields={"expired": True})
    store.fold(event("received", at=NOW), revoked).commit()

    assert [(entry.type, entry.fields) for entry in task(store).history] == [
        ("task-received", None),
        ("task-revoked", {"expired": True}),
    ]


def test_what_is_told_later_is_added(store: Store) -> None:
    store.fold(event("started", at=NOW), tell(1, current=1)).commit().fold(tell(2, current=2)).commit()

    assert [entry.fields for entry in task(store).history] == [None, {"current": 1}, {"current": 2}]


def test_the_progress_is_the_newest_that_tells_both_numbers(store: Store) -> None:
    store.fold(tell(3, current=5, total=10), tell(2, current=4, total=10), tell(4, note="nearly")).commit()

    assert task(store).progress == TaskProgress(5, 10, 50.0)


def test_a_task_that_told_nothing_has_no_progress(store: Store) -> None:
    store.fold(event("started", at=NOW), event("progress", at=NOW + 1)).commit()

    assert task(store).progress is None


def test_lists_with_details_have_it_too(store: Store) -> None:
    store.fold(tell(1, current=1)).commit()
    (found,) = store.reader.tasks(TaskQuery(details=True)).items

    assert isinstance(found, TaskDetail)
    assert [entry.fields for entry in found.history] == [{"current": 1}]


def test_an_event_that_comes_twice_is_told_once(store: Store) -> None:
    store.fold(tell(1, current=1), tell(1, current=1)).commit()

    assert [entry.fields for entry in task(store).history] == [{"current": 1}]


def test_rules_hold_before_it_is_stored(store: Store) -> None:
    protection = Protection(Redaction([Rule(argument="pin")]), Caps())
    store.tasks.fold([event("received", at=NOW, name="tasks.pay"), tell(1, pin=1234)], NOW, protection)
    store.commit()

    assert task(store).history[-1].fields == {"pin": HIDDEN}
    assert "1234" not in store.writer._connection.execute("select events from told").get


def test_a_task_that_tells_is_not_held_back(tmp_path: Path) -> None:
    """What it told needs its id, and must survive a kill -9 with it."""
    store = Store(tmp_path / "s")
    store.fold(event("received", at=NOW), tell(1, current=1)).commit(hold=True)
    store.crash()
    store = Store(tmp_path / "s")
    found = [entry.fields for entry in task(store).history]
    store.close()

    assert found == [None, {"current": 1}]


def test_the_newest_events_are_kept_of_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "MOST_EVENTS", 3)
    store.fold(*(tell(n, current=n) for n in range(5))).commit().fold(tell(5, current=5)).commit()

    assert [entry.fields for entry in task(store).history] == [
        None, None, None, {"current": 3}, {"current": 4}, {"current": 5},
    ]  # fmt: skip


def test_no_task_tells_more_than_so_many_bytes(store: Store) -> None:
    store.fold(*(tell(n, **{f"f{m}": "x" * 500 for m in range(20)}) for n in range(9))).commit()
    stored: str = store.writer._connection.execute("select events from told").get

    assert len(stored) <= told.LONGEST + 100
    assert [entry.fields is None for entry in task(store).history] == [True] * 6 + [False] * 3


def test_what_a_task_told_goes_with_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", tasks=2)
    for number in range(6):
        store.fold(tell(number, uuid=f"u{number}", current=1), event("succeeded", uuid=f"u{number}", at=NOW + 9))
        store.commit()
    left, kept = rows(store), store.reader.summary().tasks
    store.close()

    assert left == kept < 6


def test_what_old_tasks_told_goes_with_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", age=3600)
    store.fold(tell(0, current=1)).commit(NOW)
    for later in (60, 7200, 7260):
        store.commit(NOW + later)
    left, kept = rows(store), store.reader.summary().tasks
    store.close()

    assert (left, kept) == (0, 0)
