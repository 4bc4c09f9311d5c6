"""What is kept, by age and by number."""

import time
from pathlib import Path

from flower_monitor.store.retention import RETURN_EVERY
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store

DAY = 86400.0


def add(store: Store, kind: str, first: int, count: int, now: float | None = None) -> None:
    store.fold(*[event(kind, uuid=f"{kind}-{number}") for number in range(first, first + count)]).commit(now)


def test_over_the_number_the_oldest_finished_tasks_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", tasks=100)
    for first in range(0, 300, 50):
        add(store, "succeeded", first, 50)

    assert store.reader.summary().states == {"SUCCESS": 100}
    assert store.reader.task("succeeded-199") is None
    assert store.reader.task("succeeded-200") is not None


def test_unfinished_tasks_stay_while_finished_ones_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", tasks=100)
    add(store, "started", 0, 30)
    for first in range(0, 300, 50):
        add(store, "succeeded", first, 50)

    assert store.reader.summary().states == {"STARTED": 30, "SUCCESS": 70}


def test_tasks_that_never_end_take_half_of_the_room_at_most(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", tasks=100)
    add(store, "sent", 0, 400)
    add(store, "succeeded", 0, 200)
    store.commit()

    assert store.reader.summary().states == {"PENDING": 50, "SUCCESS": 50}
    assert store.reader.task("sent-399") is not None


def test_a_task_that_ends_late_is_found_by_the_next_walk(tmp_path: Path) -> None:
    now = time.time()
    store = Store(tmp_path / "s", tasks=100)
    add(store, "started", 0, 1, now)
    add(store, "succeeded", 0, 200, now)
    store.fold(event("succeeded", uuid="started-0")).commit(now)

    add(store, "succeeded", 200, 50, now + RETURN_EVERY + 1)

    assert store.reader.task("started-0") is None
    assert store.reader.summary().tasks == 100


def test_tasks_go_when_they_are_too_old_by_our_clock(tmp_path: Path) -> None:
    """A sender whose clock is wrong by years neither keeps its tasks for ever nor loses them at once."""
    now = time.time()
    store = Store(tmp_path / "s", age=DAY)
    store.fold(event("started", uuid="old", at=now + 1e9)).commit(now - 2 * DAY)
    store.fold(event("succeeded", uuid="new", at=1.0)).commit(now)

    store.commit(now + 60)

    assert store.reader.task("old") is None
    assert store.reader.task("new") is not None
    assert store.reader.summary().states == {"SUCCESS": 1}


def test_an_id_is_never_given_twice(tmp_path: Path) -> None:
    """What changed is remembered by id: a new task must not be taken for a deleted one."""
    store = Store(tmp_path / "s", age=DAY)
    store.fold(event("succeeded", uuid="old")).commit(time.time() - 2 * DAY)
    last = store.tasks.next_id
    store.commit(time.time())
    store.commit(time.time() + 60)
    store.close()

    assert Store(tmp_path / "s").tasks.next_id >= last
