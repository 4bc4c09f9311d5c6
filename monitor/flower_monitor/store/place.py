"""The store's place: is it usable, is it ours alone, and is what lies there a store."""

import fcntl
import logging
import os
import shutil
import time
from pathlib import Path

import apsw

from flower_monitor.config import Config
from flower_monitor.exceptions import StoreUnusable
from flower_monitor.store import connect
from flower_monitor.store.records import Notice
from flower_monitor.store.retention import Keep

#: What can be wrong with a volume.
READ_ONLY, DISK_FULL = "read-only", "disk full"

#: Bytes free on the volume below which a commit has to be expected to fail.
LEAST_FREE = 16 << 20

log = logging.getLogger(__name__)


def check(path: Path) -> None:
    """StoreUnusable when no store can be at this path."""
    folder = path.parent
    if not folder.is_dir():
        raise StoreUnusable(f"--store: the folder {folder} does not exist; create it, or name another")
    if path.is_dir():
        raise StoreUnusable(f"--store: {path} is a folder; name a file in it, as {path / 'flower.sqlite3'}")
    if volume(path) == READ_ONLY:
        raise StoreUnusable(f"--store: {path} is on a volume that is mounted read-only; mount it for writing")
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        raise StoreUnusable(
            f"--store: {path} can't be written by user id {os.getuid()}; "
            f"give it the folder (chown {os.getuid()} {folder}), or name another"
        )


def volume(path: Path) -> str:
    """What is wrong with the volume of a store, or `ok`."""
    status = os.statvfs(path.parent)
    if status.f_flag & os.ST_RDONLY:
        return READ_ONLY
    return DISK_FULL if status.f_bavail * status.f_frsize < LEAST_FREE else "ok"


def notices(path: Path) -> list[Notice]:
    """What a person should know of the volume. The writer can't tell: it would have to write it."""
    found = volume(path)
    if found == READ_ONLY:
        message = "The volume of the store has become read-only: nothing new is stored."
        return [Notice("store-read-only", "warning", message, "Mount it for writing; see the log of its node.")]
    if found == DISK_FULL:
        message = "The volume of the store is full: what can't be stored waits in memory, and then is dropped."
        return [Notice("store-disk-full", "warning", message, "Make it larger, or lower --retention-bytes.")]
    return []


def lock(path: Path) -> int:
    """Take the store for this process and those that inherit the descriptor; the kernel lets go when all ended."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise StoreUnusable(
            f"--store: {path} is in use by another monitor (process {holder}); stop that one, or name another file"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def keep(config: Config) -> Keep:
    """What the settings say is kept; a part of the volume as bytes."""
    size = config.retention_bytes
    if size is None and config.retention_share is not None:
        size = int(shutil.disk_usage(config.store.parent).total * config.retention_share)
    return Keep(tasks=config.max_tasks, age=config.retention_age, bytes=size, rollups=config.rollup_age)


def open_writer(path: Path) -> tuple[apsw.Connection, Notice | None]:
    """The store for writing. What is there and is no store is moved aside, and told: the monitor always starts."""
    try:
        connection = connect.writer(path)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        notice = replace(path, str(error))
        return connect.writer(path), notice
    except apsw.Error as error:
        raise StoreUnusable(f"--store: {path} can't be opened: {connect.told(error)}") from error
    return connection, None


def replace(path: Path, reason: str) -> Notice:
    """Move a store that can't be used aside, and tell."""
    aside = move_aside(path)
    message = f"The store {path} could not be used ({reason}). It was moved to {aside}, and a new one was started."
    log.error("%s", message)
    return Notice("store-replaced", "warning", message, "Restore a copy of it if you have one, or delete it.")


def move_aside(path: Path) -> Path:
    """Rename the store and what belongs to it; returns where it is now."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside = path.with_name(f"{path.name}.broken-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
