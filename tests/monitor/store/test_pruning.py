"""Names go when nothing uses them any more, and not before."""

import time
from pathlib import Path

import pytest

from flower_monitor.fold import intern
from flower_monitor.queue_samples import QueueSamples, Sample
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store

HOUR = 3600.0
NOW = time.time() // HOUR * HOUR


def names(store: Store) -> set[str]:
    return {text for (text,) in store.writer._connection.execute("select text from name")}


def task(store: Store, uuid: str, client: str, now: float, queue: str = "q") -> None:
    """A task from its sending to its end."""
    store.fold(
        event("sent", uuid=uuid, host=client, name="t", queue=queue, at=now), event("succeeded", uuid=uuid, at=now)
    ).commit(now)


def hours(store: Store, first: int, last: int) -> None:
    """Some hours in which the same client sends."""
    for hour in range(first, last):
        task(store, f"h{hour}", "gen1@stays", NOW + hour * HOUR)
        store.commit(NOW + hour * HOUR + 60)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s", tasks=3)


def test_a_client_goes_some_hours_after_its_last_task(store: Store) -> None:
    task(store, "1", "gen1@gone", NOW, queue="gone")
    store.writer._connection.execute("delete from event_count")
    hours(store, 1, 9)

    assert store.reader.task("1") is None
    assert "gen1@gone" not in names(store)
    assert {"gen1@stays", "w1@host", "t", "q"} <= names(store)


def test_a_client_stays_while_a_task_of_it_does(store: Store) -> None:
    store.fold(event("sent", uuid="1", host="gen1@waits", name="t", at=NOW)).commit(NOW)
    hours(store, 1, 9)

    found = store.reader.task("1")
    assert found is not None
    assert [entry.worker for entry in found.history] == ["gen1@waits"]


def test_a_name_that_sums_are_kept_of_stays(store: Store) -> None:
    task(store, "1", "gen1@gone", NOW, queue="old")
    store.fold(event("progress", uuid="2", at=NOW)).commit(NOW)
    hours(store, 1, 9)

    assert {"old", "PROGRESS"} <= names(store)
    assert any(row.queue == "old" for row in store.reader.rollups(10**6))


def test_the_name_of_a_queue_whose_history_is_kept_stays(store: Store) -> None:
    depths, sample = store.writer._depths, Sample()
    sample.add(1, None, None)
    task(store, "1", "gen1@stays", NOW)
    with store.writer._connection:
        depths.add(depths.rows([QueueSamples(int(NOW), {"seen": sample})]))
    task(store, "2", "gen1@later", NOW)
    hours(store, 1, 9)

    assert "seen" in names(store)


def test_what_is_used_without_being_new_is_used(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over many hours a worker is learned once an hour; and what memory had no room for was used too."""
    monkeypatch.setattr(intern, "REMEMBERED", 2)
    hours(store, 0, 30)

    found = store.reader.task("h29")
    assert found is not None
    assert (found.name, found.worker, found.client, found.queue) == ("t", "w1@host", "gen1@stays", "q")


def test_a_clock_set_ahead_takes_no_names(store: Store) -> None:
    task(store, "1", "gen1@waits", NOW)
    hours(store, 1, 3)
    for minute in range(10):
        store.commit(NOW + 1000 * HOUR + minute * 61, jump=1000 * HOUR - 7200 if minute == 0 else 0.0)

    assert "gen1@waits" in names(store)


def test_a_commit_that_fails_notes_again_what_was_used(store: Store) -> None:
    hours(store, 0, 2)
    store.writer._undo()
    hours(store, 2, 9)

    assert {"gen1@stays", "w1@host", "t", "q"} <= names(store)
