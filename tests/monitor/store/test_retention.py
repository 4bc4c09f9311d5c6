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
    last = store.tasks.outbox.next_id
    store.commit(time.time())
    store.commit(time.time() + 60)
    store.close()

    assert Store(tmp_path / "s").tasks.outbox.next_id >= last


def test_over_the_bytes_the_oldest_finished_tasks_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", size=2_000_000)
    now = time.time()
    for batch in range(20):
        store.fold(*[event("succeeded", uuid=f"t-{batch}-{n}", result="x" * 2000) for n in range(100)]).commit(
            now + batch
        )
    for more in range(20):
        store.commit(now + 20 + more)

    kept = store.reader.summary().tasks
    assert 100 < kept < 1000
    assert store.reader.task("t-19-99") is not None
    assert store.reader.task("t-0-0") is None
    assert used(store) <= 2_000_000


def used(store: Store) -> int:
    connection = store.writer._connection
    pages = connection.pragma("page_count") - connection.pragma("freelist_count")
    return int(pages) * 8192


def test_the_file_gets_shorter_when_there_is_less_to_keep(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.fold(*[event("succeeded", uuid=f"t-{n}", result="x" * 8000) for n in range(4000)]).commit().close()
    before = (tmp_path / "s").stat().st_size
    store = Store(tmp_path / "s", tasks=100)
    for _ in range(40):
        store.commit()
    store.close()

    assert before > 32_000_000
    assert (tmp_path / "s").stat().st_size < 12_000_000
    assert Store(tmp_path / "s").writer._connection.pragma("integrity_check") == "ok"


def test_a_clock_that_is_set_ahead_deletes_nothing(tmp_path: Path) -> None:
    now = time.time()
    store = Store(tmp_path / "s", age=DAY)
    store.fold(event("succeeded", uuid="kept")).commit(now)
    store.commit(now + 60)

    store.commit(now + 31 * DAY, jump=31 * DAY - 120)
    store.commit(now + 31 * DAY + 60)

    assert store.reader.task("kept") is not None
    store.commit(now + 32 * DAY + 120)
    assert store.reader.task("kept") is None


def test_a_clock_that_is_set_back_keeps_nothing_longer(tmp_path: Path) -> None:
    now = time.time()
    store = Store(tmp_path / "s", age=DAY)
    store.fold(event("succeeded", uuid="old")).commit(now)
    store.commit(now + 60)

    store.commit(now - 31 * DAY, jump=-31 * DAY - 120)
    store.fold(event("succeeded", uuid="new")).commit(now - 30 * DAY - 180)
    store.commit(now - 30 * DAY + 60)

    assert store.reader.task("old") is None
    assert store.reader.task("new") is not None


def test_a_clock_that_is_set_loses_no_sums(tmp_path: Path) -> None:
    now = time.time()
    store = Store(tmp_path / "s")
    store.fold(event("succeeded", uuid="1", name="t", at=now)).commit(now)

    store.commit(now + 1000 * DAY, jump=1000 * DAY - 1)
    store.commit(now + 2, jump=-1000 * DAY + 1)

    assert [row.n for row in store.reader.rollups(60)] == [1]
