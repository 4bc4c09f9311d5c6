"""Which queues events named, and when tasks were sent."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from flower_monitor.store import queues
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "s")
    yield made
    made.close()


def ids(n: int) -> list[str]:
    return [str(uuid.uuid4()) for _ in range(n)]


def test_queues_that_task_sent_events_named_are_known(store: Store) -> None:
    for key, queue in zip(ids(3), ("work", "mail", "work"), strict=True):
        store.fold(event("sent", uuid=key, queue=queue))
    store.fold(event("received", uuid=ids(1)[0]))

    assert store.commit().reader.queues() == ["mail", "work"]


def test_a_queue_whose_tasks_nobody_takes_is_known_however_many_came_after(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that has to be seen."""
    monkeypatch.setattr(queues, "MOST_ROWS", 3)
    now = time.time()
    store.fold(event("sent", uuid=ids(1)[0], queue="orphaned", at=now - 1000)).commit(now - 1000)
    for key in ids(5):
        store.fold(event("sent", uuid=key, queue="work", at=now), event("received", uuid=key, at=now))

    assert store.commit(now).reader.queues() == ["orphaned", "work"]


def test_a_queue_is_known_by_what_ended_for_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST_ROWS", 1)
    now = time.time()
    for key, queue, at in zip(ids(3), ("old", "work", "mail"), (now - 90_000, now - 3600, now), strict=True):
        store.fold(event("sent", uuid=key, queue=queue, at=at), event("succeeded", uuid=key, at=at)).commit(at)

    assert store.reader.queues() == ["mail", "work"]


def test_when_tasks_were_sent_is_told_of_those_of_which_it_is_known(store: Store) -> None:
    sent, received, unseen = ids(3)
    store.fold(event("sent", uuid=sent, at=5.0), event("received", uuid=received, at=6.0)).commit()

    assert store.reader.sent([sent, received, unseen]) == {sent: 5.0}


def test_a_task_that_is_held_back_counts_too(store: Store) -> None:
    (key,) = ids(1)
    store.fold(event("sent", uuid=key, at=5.0)).commit(hold=True)

    assert store.reader.sent([key]) == {key: 5.0}
