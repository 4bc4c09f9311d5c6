"""Gaps, verdicts and workers' books in the store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flower_monitor.constants import State
from flower_monitor.fold.events import Event
from flower_monitor.fold.worker import STORED
from flower_monitor.news import News
from flower_monitor.store import truth
from flower_monitor.store.records import IngestStatus
from flower_monitor.truth.account import Judged
from flower_monitor.truth.incidents import Incident
from flower_monitor.truth.verdict import Verdict
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store

NOW = 1_700_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "s")
    yield made
    made.close()


def beat(at: float, processed: int, **fields: Any) -> Event:
    known: dict[str, Any] = {"clock": int(at), "pid": 7, "freq": 2.0}
    return Event(type="worker-heartbeat", hostname="w1", timestamp=at, processed=processed, **(known | fields))


def judge(store: Store, ts: float, outcome: Any = "running") -> None:
    """A verdict comes, on the only task."""
    (found,), _ = store.reader.unsettled(State.STARTED, (0.0, 0), 10)
    verdict = Verdict(found.id, ts, outcome, "because", ("seen",), NOW)
    store.writer.commit(store.tasks, store.workers, {}, {}, NOW, News(verdicts=[verdict]))


def test_a_verdict_is_shown_until_the_next_event_of_its_task(store: Store) -> None:
    store.fold(event("started", at=NOW)).commit()
    judge(store, NOW)
    task = store.reader.task(UUID)
    assert task is not None
    assert task.verdict is not None
    assert (task.state, task.verdict.verdict, task.verdict.evidence) == ("STARTED", "running", ("seen",))

    store.fold(event("progress", at=NOW + 1)).commit()
    task = store.reader.task(UUID)
    assert task is not None
    assert task.verdict is None


def test_a_verdict_on_a_task_that_has_moved_on_is_not_stored(store: Store) -> None:
    store.fold(event("started", at=NOW)).commit()
    judge(store, NOW - 1)

    task = store.reader.task(UUID)
    assert task is not None
    assert task.verdict is None


def test_a_verdict_is_a_change_for_the_live_feed(store: Store) -> None:
    store.fold(event("started", at=NOW)).commit()
    before = store.reader.batch()
    judge(store, NOW)
    changes = store.reader.changed_since(before)

    assert [item.verdict is not None for item in changes.items] == [True]


def test_unsettled_tasks_are_walked_in_pieces(store: Store) -> None:
    store.fold(*(event("started", at=NOW + n, uuid=f"u{n}") for n in range(5))).commit()
    first, after = store.reader.unsettled(State.STARTED, (0.0, 0), 3)
    assert after is not None
    second, end = store.reader.unsettled(State.STARTED, after, 3)

    assert [task.uuid for task in [*first, *second]] == [f"u{n}" for n in range(5)]
    assert end is None


def test_an_unsettled_task_has_the_verdict_that_holds(store: Store) -> None:
    store.fold(event("started", at=NOW)).commit()
    judge(store, NOW)

    (found,), _ = store.reader.unsettled(State.STARTED, (0.0, 0), 10)

    assert (found.verdict, found.why, found.judged_at) == ("running", "because", NOW)


def test_verdicts_of_tasks_that_are_gone_go(store: Store) -> None:
    store.fold(event("started", at=NOW)).commit()
    judge(store, NOW)
    connection = store.writer._connection
    connection.execute("update verdict set task = task - 1")
    truth.forget_verdicts(connection)

    assert connection.execute("select count(*) from verdict").get == 0


def test_gaps_are_kept_with_their_workers_and_the_oldest_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "GAPS", 2)
    for number in range(4):
        store.workers.gaps.found("w1", Judged(NOW + 1000 * number, NOW + 1000 * number + 2, 9, number + 1, False))
        store.commit()

    assert [(gap.missed, gap.workers, gap.why) for gap in store.reader.gaps()] == [
        (4, {"w1": 4}, "unknown"),
        (3, {"w1": 3}, "unknown"),
    ]


def test_a_gap_that_went_on_when_the_monitor_stopped_ends_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.workers.gaps.happened(Incident("disconnected", NOW, None))
    status = {"ingest": IngestStatus(committed_at=NOW + 5)}
    store.writer.commit(store.tasks, store.workers, {}, status, NOW + 5)
    assert [gap.end for gap in store.reader.gaps()] == [None]
    store.crash()

    store = Store(tmp_path / "s")
    assert [gap.end for gap in store.reader.gaps()] == [NOW + 5]
    store.close()


def test_a_workers_books_survive_a_restart(tmp_path: Path) -> None:
    """What ran meanwhile is missing, to the task."""
    store = Store(tmp_path / "s")
    for at, processed in ((NOW, 0), (NOW + 2, 0)):
        store.workers.fold(beat(at, processed), at, at)
    store.workers.started([event("started", at=NOW + 3, host="w1", clock=int(NOW) + 3, pid=7)], NOW + 3)
    store.commit()
    store.crash()

    store = Store(tmp_path / "s")
    for at, processed in ((NOW + 60, 11), (NOW + 62, 11)):
        store.workers.fold(beat(at, processed), at, at)
    store.commit()
    (worker,) = store.reader.workers()
    (gap,) = store.reader.gaps()
    store.close()

    assert (worker.tasks_due, worker.tasks_missed, gap.missed) == (11, 10, 10)


def test_a_worker_is_read_back_as_it_was(store: Store) -> None:
    store.workers.fold(beat(NOW, 3, loadavg=[0.5, 1.0, 2.0], sw_ver="5.6", active=2), NOW + 5, NOW)
    before = store.workers.dirty["w1"]
    store.commit()
    (after,) = truth.load_workers(store.writer._connection, NOW)

    assert [getattr(after, field) for field in STORED] == [getattr(before, field) for field in STORED]
    assert after.clock_offset == -5.0
