"""The log is moved into the database in time, so that it begins anew and stays small."""

import subprocess
import sys
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


def test_a_commit_holds_while_somebody_else_moves_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two checkpoints at a time the second fails: the commit before it must not look as if it had."""
    monkeypatch.setattr(connect, "LONGEST_LOG", 1)
    store = Store(tmp_path / "s")
    store.writer._connection.set_busy_timeout(10)
    store.writer.follow(lambda _: None)
    # SQLite's lock of a checkpoint (WAL_CKPT_LOCK) belongs to a process, so that another has to take it.
    code = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, 2, 1, 121); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, f"{store.path}-shm"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        store.fold(event("received")).commit()
        other.communicate("\n")

    assert store.reader.summary().states == {"RECEIVED": 1}
