"""Stores of earlier versions: brought up whole or not at all, with a copy from before."""

import gzip
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import apsw
import pytest

from flower_monitor.exceptions import StoreUnusable
from flower_monitor.store import connect, migrate, place
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskQuery
from flower_monitor.store.retention import Keep
from flower_monitor.store.writer import Writer

FOLDER = Path(__file__).parent / "versions"
RELEASED = sorted(int(file.name.partition(".")[0]) for file in FOLDER.glob("*.sqlite3.gz"))


def old(path: Path, version: int) -> Path:
    """The store that a release with this schema wrote."""
    path.write_bytes(gzip.decompress((FOLDER / f"{version:04}.sqlite3.gz").read_bytes()))
    return path


def schema(connection: apsw.Connection) -> Sequence[object]:
    return connection.execute("select type, name, tbl_name, sql from sqlite_schema order by 1, 2").fetchall()


def add_a_broken_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails in its middle."""
    plain = migrate.apply

    def apply(connection: apsw.Connection, before: int, after: int) -> None:
        plain(connection, before, after - 1)
        connection.execute("create table half(x); insert into nowhere values (1)")

    monkeypatch.setattr(migrate, "LATEST", migrate.LATEST + 1)
    monkeypatch.setattr(migrate, "apply", apply)


def test_every_file_of_the_folder_is_listed_in_its_order() -> None:
    files = sorted(file.name for file in (Path(migrate.__file__).parent / "migrations").glob("*.sql"))

    assert tuple(files) == migrate.MIGRATIONS
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


@pytest.mark.parametrize("version", RELEASED)
def test_a_store_of_a_release_keeps_its_tasks(tmp_path: Path, version: int) -> None:
    connect.writer(old(tmp_path / "s", version)).close()

    reader = Reader(tmp_path / "s")
    assert reader.summary().states == {"SUCCESS": 30, "FAILURE": 12, "STARTED": 10, "RETRY": 4, "PROGRESS": 4}
    assert len(reader.tasks(TaskQuery(limit=100)).items) == 60
    assert [worker.hostname for worker in reader.workers()] == ["w1@host"]
    assert sum(row.n for row in reader.rollups(10**9)) == 46
    task = reader.task("my-task-50")
    assert task is not None
    assert [entry.type for entry in task.history] == ["task-sent", "task-received", "task-started", "task-failed"]


def test_a_store_of_0_1_0_keeps_its_counts(tmp_path: Path) -> None:
    """Clients lose their process id; what a worker counted that was forgotten goes on in sums."""
    connect.writer(old(tmp_path / "s", 1)).close()

    reader = Reader(tmp_path / "s")
    succeeded = {row.task: row.n for row in reader.event_totals() if row.type == "task-succeeded"}
    assert succeeded == {"shop.pay": 20, "shop.ship": 10}
    assert {row.sender for row in reader.event_counts()} == {"gen@client", "w1@host"}
    assert {row.worker for row in reader.runtimes().series} == {"w1@host"}
    assert sum(sum(row.buckets) for row in reader.runtimes().totals) == 30


@pytest.mark.parametrize("version", RELEASED)
def test_a_store_of_a_release_becomes_what_a_new_one_is(tmp_path: Path, version: int) -> None:
    migrated, new = connect.writer(old(tmp_path / "s", version)), connect.writer(tmp_path / "new")

    assert schema(migrated) == schema(new)


@pytest.mark.parametrize("stop", range(1, migrate.LATEST + 1))
def test_a_store_of_every_version_is_brought_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int) -> None:
    """Versions that were never released too: developers have them."""
    path = old(tmp_path / "s", 1)
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "LATEST", stop)
        connection = apsw.Connection(str(path))
        migrate.up(connection, path)
        connection.close()

    connection, notice = place.open_writer(path)

    assert notice is None
    assert migrate.version(connection) == migrate.LATEST
    assert Writer(connection, Keep()).tasks().outbox.next_id == 61
    assert connection.execute("pragma integrity_check").get == "ok"


def test_the_store_from_before_is_kept_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old(tmp_path / "s", 1)
    monkeypatch.setattr(migrate, "LATEST", 2)
    monkeypatch.setattr(migrate, "apply", lambda connection, *_: connection.execute("delete from task"))

    migrate.up(apsw.Connection(str(path)), path)

    ((version, copy),) = migrate.copies(path)
    assert version == 1
    assert apsw.Connection(str(copy)).execute("select count(*) from task").get == 60


def test_a_copy_goes_after_a_week(tmp_path: Path) -> None:
    path = tmp_path / "s"
    kept, gone, other = (tmp_path / f"s.{name}" for name in ("version-1-b", "version-1-a", "version-2.txt"))
    for file in (kept, gone, other):
        file.touch()
    os.utime(gone, (0, 8 * 86400.0))
    os.utime(kept, (0, 10 * 86400.0))

    migrate.drop_copies(path, 16 * 86400.0)

    assert (kept.exists(), gone.exists(), other.exists()) == (True, False, True)


def test_without_room_for_a_copy_it_goes_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = old(tmp_path / "s", 1)
    monkeypatch.setattr(migrate, "LATEST", 2)
    monkeypatch.setattr(migrate, "apply", lambda *_: None)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 30, 1 << 30, 1 << 20))

    migrate.up(apsw.Connection(str(path)), path)

    assert migrate.copies(path) == []
    assert "no room for a copy" in caplog.text


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s"
    connect.writer(path).close()
    before = schema(apsw.Connection(str(path)))
    add_a_broken_migration(monkeypatch)

    with pytest.raises(
        StoreUnusable, match=r"can't be brought from version .*: no such table: nowhere. It is as it was"
    ):
        place.open_writer(path)

    assert schema(apsw.Connection(str(path))) == before


@pytest.mark.parametrize("check", [connect.inspect, place.open_writer])
def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, check: object) -> None:
    """Moved aside, its history would be missing when the newer program comes back."""
    assert callable(check)
    path = tmp_path / "s"
    connection = connect.writer(path)
    connection.execute("update meta set value = 99 where key = 'schema_version'")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StoreUnusable, match=r"was written by a newer version .*start the newer version again"):
        check(path)

    assert path.read_bytes() == before


def test_the_refusal_names_the_copy_that_this_version_can_use(tmp_path: Path) -> None:
    path = tmp_path / "s"
    connection = connect.writer(path)
    connection.execute("update meta set value = 99 where key = 'schema_version'")
    (tmp_path / "s.version-98-x").touch()
    (tmp_path / "s.version-1-x").touch()

    with pytest.raises(StoreUnusable, match=r"name its copy from before the upgrade, .*s\.version-1-x"):
        connect.inspect(path)
