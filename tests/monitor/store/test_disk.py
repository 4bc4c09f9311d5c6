"""The disk: full and freed again, read-only, cut off; and other programs on the same file. On real volumes."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from flower_monitor.exceptions import StoreUnusable
from flower_monitor.store import connect, place
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store
from tests.support.disk import fill, mount


def add(store: Store, first: int, count: int = 2000) -> Store:
    return store.fold(*[event("succeeded", uuid=f"t-{n}", result="x" * 500) for n in range(first, first + count)])


def test_a_batch_waits_while_the_disk_is_full_and_is_written_once(volume: Path) -> None:
    store = add(Store(volume / "s"), 0).commit()
    taken = fill(volume)
    add(store, 2000)
    for _ in range(3):
        with pytest.raises(StoreUnusable, match=r"the store can't be written: .*full; make room on its volume"):
            store.commit()
    summary = store.reader.summary()
    assert (summary.tasks, summary.store.state) == (2000, "disk full")
    assert [notice.code for notice in summary.notices] == ["store-disk-full"]

    taken.unlink()
    add(store, 4000).commit()

    summary = store.reader.summary()
    assert (summary.tasks, summary.store.state, summary.notices) == (6000, "ok", [])
    store.close()
    assert apsw.Connection(str(volume / "s")).execute("pragma integrity_check").get == "ok"


def test_a_monitor_that_stops_with_a_full_disk_keeps_what_was_committed(volume: Path) -> None:
    store = add(Store(volume / "s"), 0).commit()
    taken = fill(volume)
    store.reader.close()
    with pytest.raises(StoreUnusable):
        store.writer.close()
    taken.unlink()

    assert Store(volume / "s").reader.summary().tasks == 2000


def test_a_store_that_cannot_be_made_for_want_of_room_says_so(volume: Path) -> None:
    fill(volume)

    with pytest.raises(StoreUnusable, match=r"--store: .*/s can't be .*full"):
        place.open_writer(volume / "s")


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A volume with a file system that a disk error makes read-only, and the file that brings the error about."""
    image, folder = tmp_path / "image", tmp_path / "failing"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], capture_output=True, check=False).returncode == 0
    options = ["-o", "loop,errors=remount-ro", str(image), str(folder)]
    if not made or subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("no mkfs.ext4, no loop device, or not root")
    device = subprocess.run(["findmnt", "-no", "SOURCE", str(folder)], capture_output=True, text=True, check=True)
    yield folder, Path("/sys/fs/ext4") / Path(device.stdout.strip()).name / "trigger_fs_error"
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_volume_that_a_disk_error_made_read_only_is_still_read(failing: tuple[Path, Path]) -> None:
    folder, trigger = failing
    store = add(Store(folder / "s"), 0).commit()
    trigger.write_text("a disk error")
    add(store, 2000)
    with pytest.raises(StoreUnusable, match="the store can't be written: "):
        store.commit()

    assert store.reader.summary().tasks == 2000


def test_a_read_only_volume_is_told(volume: Path) -> None:
    mount("-o", "remount,ro", str(volume))

    assert place.volume(volume / "s") == "read-only"
    assert [notice.code for notice in place.notices(volume / "s")] == ["store-read-only"]
    with pytest.raises(StoreUnusable, match="is on a volume that is mounted read-only; mount it for writing"):
        place.check(volume / "s")


@pytest.mark.parametrize("left", [100, 8192, 50_000, -8192], ids=["header", "a page", "some", "all but a page"])
def test_a_store_that_was_cut_off_is_moved_aside_and_told(tmp_path: Path, left: int) -> None:
    path = tmp_path / "s"
    add(Store(path), 0).commit().close()
    os.truncate(path, left if left > 0 else path.stat().st_size + left)

    connection, notice = place.open_writer(path)

    assert notice is not None
    assert (notice.code, notice.severity) == ("store-replaced", "warning")
    assert len(list(tmp_path.glob("s.broken-*"))) == 1
    assert connection.execute("select count(*) from task").get == 0


def test_a_new_store_is_said_to_be_new(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where a volume was not mounted, that is the only sign of it."""
    caplog.set_level("INFO")
    connect.writer(tmp_path / "s").close()
    assert f"The store {tmp_path}/s is new: nothing is kept in it yet" in caplog.text
    caplog.clear()
    connect.writer(tmp_path / "s").close()

    assert "is new" not in caplog.text


@pytest.mark.parametrize("opening", [place.open_writer, connect.inspect], ids=["ingest", "command"])
def test_a_store_that_another_program_has_locked_is_refused_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: object
) -> None:
    assert callable(opening)
    Store(tmp_path / "s").close()
    monkeypatch.setattr(connect, "BUSY_TIMEOUT", 10)
    other = apsw.Connection(str(tmp_path / "s"))
    other.execute("pragma locking_mode=exclusive; begin exclusive").fetchall()

    with pytest.raises(StoreUnusable, match=r"can't be opened: .*locked; another program has it locked; stop that one"):
        opening(tmp_path / "s")


def test_a_start_waits_for_whoever_has_the_store_locked_for_a_moment(tmp_path: Path) -> None:
    """After kill -9 the first that reads the store, such as a backup, restores its log."""
    Store(tmp_path / "s").close()
    other = apsw.Connection(str(tmp_path / "s"))
    other.execute("pragma locking_mode=exclusive; begin exclusive").fetchall()
    with pytest.raises(apsw.BusyError):
        apsw.Connection(str(tmp_path / "s")).execute("select * from meta").fetchall()
    threading.Timer(0.2, other.close).start()

    connect.inspect(tmp_path / "s")


def test_a_commit_waits_for_another_program_and_is_then_written(tmp_path: Path) -> None:
    store = add(Store(tmp_path / "s"), 0)
    other = apsw.Connection(str(tmp_path / "s"))
    other.execute("begin immediate")
    store.writer._connection.set_busy_timeout(10)
    with pytest.raises(StoreUnusable, match="another program has it locked"):
        store.commit()

    other.execute("rollback")
    store.commit()

    assert store.reader.summary().tasks == 2000
