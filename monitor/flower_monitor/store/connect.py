"""Opening the store. What the pragmas are was measured: at a million tasks each other choice costs."""

import logging
from pathlib import Path

import apsw

from flower_monitor.exceptions import StoreUnavailable, StoreUnusable
from flower_monitor.store import migrate

log = logging.getLogger(__name__)

#: The writer's page cache in KiB: the upper levels of six trees. 4 MiB costs 10 % more work, 32 gains nothing.
WRITER_CACHE = 16384

#: A reader's: what one page of results walks.
READER_CACHE = 4096

#: Pages of the log at which the writer makes a checkpoint itself, in its own time: 400 MB.
LONGEST_LOG = 50_000

#: Milliseconds to wait for a lock: only a checkpoint or an opening ever holds one.
BUSY_TIMEOUT = 5000

#: What a start needs of a store: the root of each of these is read to see that it is whole.
_NEEDED = ("task", "name", "worker", "counter", "tally")


def writer(path: Path) -> apsw.Connection:
    """The one connection that writes. Makes the schema when the file is new, brings it up when it is old.

    StoreUnusable when what lies there is intact but not for us; apsw's errors for what can't be read.
    """
    connection = apsw.Connection(str(path))
    try:
        connection.set_busy_timeout(BUSY_TIMEOUT)
        # Before the first pragma that writes: a database of something else is left as it is.
        migrate.check(connection, path)
        for pragma in (
            # These two hold for a new file only. With the second it can get shorter again, in steps.
            "page_size=8192",
            "auto_vacuum=incremental",
            "journal_mode=wal",
            "synchronous=normal",
            f"cache_size=-{WRITER_CACHE}",
            "temp_store=memory",
            # The checkpoint has its own thread (store/checkpoint.py); this is the net below it.
            f"wal_autocheckpoint={LONGEST_LOG}",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"pragma {pragma}").fetchall()
        if migrate.up(connection, path) == 0:
            log.info("The store %s is new: nothing is kept in it yet", path)
        for table in _NEEDED:
            connection.execute(f"select * from {table} limit 1").fetchall()  # noqa: S608 - constants
    except BaseException:
        # Whatever it was goes on to the caller; left open, the connection would hold its locks.
        connection.close(True)
        raise
    return connection


def ends(connection: apsw.Connection) -> tuple[int, int] | None:
    """The lowest and the highest id of a task; None when there is none."""
    # Asked for together, SQLite would look at every row for them.
    low, high = connection.execute("select (select min(id) from task), (select max(id) from task)").get
    return None if low is None or high is None else (low, high)


def reader(path: Path) -> apsw.Connection:
    """A connection that can't write; it never makes the file. It waits for no writer, and no writer for it."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        connection.set_busy_timeout(BUSY_TIMEOUT)
        connection.execute(f"pragma cache_size=-{READER_CACHE}").fetchall()
        found = migrate.version(connection)
    except apsw.Error as error:
        raise StoreUnavailable(f"the store {path} can't be read: {error}") from error
    if found != migrate.LATEST:
        told = "it is a database of something else" if found is None else f"its version is {found}"
        raise StoreUnavailable(f"the store {path} can't be read: {told}, this program's is {migrate.LATEST}")
    return connection


def inspect(path: Path) -> None:
    """StoreUnusable when what lies there is intact but not for us. Changes nothing; what is damaged passes."""
    if not path.exists():
        return
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        # After kill -9 whoever reads first restores the file's log, and holds a lock meanwhile.
        connection.set_busy_timeout(BUSY_TIMEOUT)
        try:
            migrate.check(connection, path)
        finally:
            connection.close()
    except (apsw.CorruptError, apsw.NotADBError):
        return  # ingest moves it aside
    except apsw.Error as error:
        raise StoreUnusable(f"--store: {path} can't be opened: {told(error)}") from error


def told(error: apsw.Error) -> str:
    """What is wrong, and what to do about it where that is known."""
    fixes: dict[type[apsw.Error], str] = {
        apsw.BusyError: "another program has it locked; stop that one (fuser -v names it)",
        apsw.FullError: "make room on its volume",
        apsw.ReadOnlyError: "mount its volume for writing",
    }
    fix = next((fix for kind, fix in fixes.items() if isinstance(error, kind)), None)
    return f"{error}; {fix}" if fix else str(error)
