"""Migrations: what brings a store of any earlier version to this one, all steps in one transaction or none.

migrations/NNNN_*.sql is the only source of the schema: a new store runs them all, an old one those after its version.
One that was released is never changed again; add the next and list it below.
"""

import contextlib
import logging
import os
import shutil
import time
from pathlib import Path

import apsw

from flower_monitor.exceptions import StoreUnusable

#: In their order; the version of a store is how many of them made it.
MIGRATIONS = (
    "0001_tables.sql", "0002_sketches.sql", "0003_truth.sql", "0004_held.sql", "0005_audit.sql", "0006_series.sql",
    "0007_told.sql", "0008_silences.sql", "0009_queues.sql", "0010_summary.sql",
)  # fmt: skip

#: The version that this program reads and writes.
LATEST = len(MIGRATIONS)

#: Seconds that the copy from before a migration is kept: a week to find that one wants to go back.
COPY_KEPT = 7 * 86400.0

#: Pages copied at a time.
_STEP = 4096

#: Bytes that must stay free beside a copy: the migration itself writes too.
_MARGIN = 64 << 20

log = logging.getLogger(__name__)


def version(connection: apsw.Connection) -> int | None:
    """The version of a store, 0 for an empty file, None for a database of something else."""
    if not connection.execute("select 1 from sqlite_schema limit 1").fetchall():
        return 0
    try:
        found = connection.execute("select value from meta where key = 'schema_version'").get
    except apsw.SQLError:
        return None
    return found if isinstance(found, int) else None


def check(connection: apsw.Connection, path: Path) -> int:
    """The version of a store that we may bring up; StoreUnusable, with the fix, when it is intact but not for us."""
    found = version(connection)
    if found is None:
        raise StoreUnusable(f"--store: {path} is a database of something else; name another file")
    if found > LATEST:
        raise StoreUnusable(_newer(path, found))
    return found


def up(connection: apsw.Connection, path: Path) -> int:
    """Bring a store to the latest version; returns the one it had. StoreUnusable, and all is as it was, if not."""
    before = check(connection, path)
    if before == LATEST:
        return before
    copy = _copy(connection, path, before) if before else None
    try:
        with connection:
            apply(connection, before, LATEST)
    except apsw.Error as error:
        raise StoreUnusable(
            f"--store: {path} can't be brought from version {before} to {LATEST}: {error}. It is as it was"
        ) from error
    if before:
        log.warning("The store %s was brought from version %d to %d. %s", path, before, LATEST, _told(copy))
    return before


def apply(connection: apsw.Connection, before: int, after: int) -> None:
    """Run the migrations after one version up to another, within a transaction."""
    from importlib import resources  # at a new store and an upgrade only: 1 MiB

    folder = resources.files("flower_monitor.store").joinpath("migrations")
    for name in MIGRATIONS[before:after]:
        connection.execute(folder.joinpath(name).read_text())
    if not before:
        connection.execute("insert into meta values ('created', unixepoch('subsec'))")
    connection.execute("insert or replace into meta values ('schema_version', ?)", (after,))


def copies(path: Path) -> list[tuple[int, Path]]:
    """The copies from before migrations: version and path, newest last."""
    found = []
    for part in path.parent.glob(f"{path.name}.version-*"):
        number = part.name.removeprefix(f"{path.name}.version-").partition("-")[0]
        if number.isdecimal():
            found.append((int(number), part))
    return sorted(found, key=lambda copy: copy[1].stat().st_mtime)


def drop_copies(path: Path, now: float) -> None:
    """Delete the copies that were kept for long enough."""
    for number, copy in copies(path):
        with contextlib.suppress(FileNotFoundError):  # somebody else did
            if now - copy.stat().st_mtime > COPY_KEPT:
                copy.unlink()
                log.info("The copy %s of the store in version %d is no longer needed and was deleted", copy, number)


def _copy(connection: apsw.Connection, path: Path, before: int) -> Path | None:
    """Copy the store beside itself; None when there is no room for that."""
    size = path.stat().st_size + path.with_name(f"{path.name}-wal").stat().st_size
    if shutil.disk_usage(path.parent).free < size + _MARGIN:
        return None
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    copy = path.with_name(f"{path.name}.version-{before}-{stamp}")
    unfinished = path.with_name(f"{path.name}.copying")
    unfinished.unlink(missing_ok=True)
    target = apsw.Connection(str(unfinished))
    try:
        with target.backup("main", connection, "main") as backup:
            while not backup.done:
                backup.step(_STEP)
    finally:
        target.close()
    os.replace(unfinished, copy)
    return copy


def _told(copy: Path | None) -> str:
    if copy is None:
        return "There was no room for a copy of it from before"
    return f"The copy {copy} from before is kept for {COPY_KEPT / 86400:.0f} days"


def _newer(path: Path, found: int) -> str:
    """The refusal of a store that a newer program wrote, and what can be done."""
    fix = "start the newer version again, or name another file"
    usable = [copy for number, copy in copies(path) if number <= LATEST]
    if usable:
        fix = f"start the newer version again, or name its copy from before the upgrade, {usable[-1]}"
    return f"--store: {path} was written by a newer version (its schema is {found}, this program's {LATEST}); {fix}"
