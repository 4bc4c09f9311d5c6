"""The store's file: what lies there and is no store is moved aside; what can't be used is refused with the fix."""

import os
from pathlib import Path

import apsw
import pytest

from flower_monitor.exceptions import StoreUnavailable, StoreUnusable
from flower_monitor.store import connect, place
from flower_monitor.store.reader import Reader
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store


def foreign(path: Path) -> None:
    apsw.Connection(str(path)).execute("create table theirs(x)")


def broken_inside(path: Path) -> None:
    store = Store(path)
    store.fold(*[event("received", uuid=str(n), args="x" * 500) for n in range(2000)]).commit()
    store.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"not a database, but long enough to be looked at" * 100),
        broken_inside,
    ],
    ids=["text", "corrupt"],
)
def test_what_is_no_store_is_moved_aside_and_told(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = tmp_path / "s"
    make(path)
    before = path.read_bytes()

    connection, notice = place.open_writer(path)

    (aside,) = [found for found in tmp_path.glob("s.broken-*") if not found.name.endswith(("-wal", "-shm"))]
    assert notice is not None
    assert notice.code == "store-replaced"
    assert str(aside) in notice.message
    assert aside.stat().st_size == len(before)
    connection.close()
    assert Reader(path).summary().tasks == 0


@pytest.mark.parametrize("check", [connect.inspect, place.open_writer])
def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path, check: object) -> None:
    """Somebody needs it: `--store` names the wrong file."""
    assert callable(check)
    foreign(tmp_path / "s")
    before = (tmp_path / "s").read_bytes()

    with pytest.raises(StoreUnusable, match="is a database of something else; name another file"):
        check(tmp_path / "s")

    assert (tmp_path / "s").read_bytes() == before


def test_a_good_store_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path / "s").fold(event("received")).commit().close()

    connection, notice = place.open_writer(tmp_path / "s")

    assert notice is None
    assert connection.execute("select count(*) from task").get == 1


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "s").touch()

    assert place.open_writer(tmp_path / "s")[1] is None


def test_a_store_is_locked_and_the_refusal_names_the_holder(tmp_path: Path) -> None:
    held = place.lock(tmp_path / "s")

    with pytest.raises(StoreUnusable, match=rf"in use by another monitor \(process {os.getpid()}\)"):
        place.lock(tmp_path / "s")

    os.close(held)
    os.close(place.lock(tmp_path / "s"))


def test_a_missing_folder_is_refused_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"--store: the folder .*/no does not exist; create it"):
        place.check(tmp_path / "no" / "s")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is a folder; name a file in it"):
        place.check(tmp_path)


def test_a_folder_that_cannot_be_written_is_refused_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel's answer is made up, because root may write everywhere."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    with pytest.raises(StoreUnusable, match=f"can't be written by user id {os.getuid()}"):
        place.check(tmp_path / "s")


@pytest.mark.parametrize(
    "make",
    [lambda path: None, lambda path: path.write_bytes(b"x" * 5000), foreign],
    ids=["nothing", "text", "foreign"],
)
def test_a_reader_of_no_store_says_so_and_makes_none(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "s")
    there = (tmp_path / "s").exists()

    with pytest.raises(StoreUnavailable, match="can't be read"):
        Reader(tmp_path / "s")

    assert (tmp_path / "s").exists() == there
