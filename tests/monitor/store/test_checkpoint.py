"""The log is moved into the database in time, so that it begins anew and stays small."""

from pathlib import Path

import pytest

from flower_monitor.store import checkpoint, connect
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store
from tests.support.processes import until

#: Bytes of the first pages: the schema.
EMPTY = 1 << 20


def much(store: Store) -> Store:
    """A commit of some 20 MB."""
    return store.fold(*[event("succeeded", uuid=f"t-{n}", result="x" * 4000) for n in range(5000)]).commit()


def moved(path: Path) -> bool:
    """Whether the database has grown by what was in the log."""
    return path.stat().st_size > EMPTY


def test_much_is_moved_right_after_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 3600.0)
    store = Store(tmp_path / "s")
    beside = checkpoint.Checkpoint(store.path)
    store.writer.follow(beside.committed)
    beside.start()
    much(store)

    until(lambda: moved(store.path), "the log is moved")
    beside.stop()


def test_little_is_moved_in_its_time(tmp_path: Path) -> None:
    told: list[int] = []
    store = Store(tmp_path / "s")
    store.writer.follow(told.append)
    store.fold(event("received")).commit()

    assert 0 < told[-1] < checkpoint.MANY


def test_the_writer_moves_a_log_that_nobody_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "LONGEST_LOG", 1000)
    store = Store(tmp_path / "s")
    store.writer.follow(lambda _: None)

    assert moved(much(store).path)
