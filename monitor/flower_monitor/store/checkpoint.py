"""The checkpoint: pages from the write-ahead log into the database, beside the writer and not in its way."""

import logging
import threading
import time
from pathlib import Path

import apsw

from flower_monitor.store import connect, migrate

#: Seconds between checkpoints: short ones, so that the log stays small and none takes long.
EVERY = 1.0

#: Pages in the log, 16 MiB, from which on a checkpoint begins right after a commit.
MANY = 2_000

#: Seconds between looks for copies from before migrations that nobody needs any more.
COPIES_EVERY = 3600.0

log = logging.getLogger(__name__)


class Checkpoint:
    """Checkpoints in a thread and on a connection of its own; SQLite works without the interpreter.

    The log begins anew only when a checkpoint has ended before the next commit begins. So where there is much to move
    it begins right after one: else it would hardly ever be done in time, and the log would grow to hundreds of MiB.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stopping = False
        self._due = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def committed(self, pages: int) -> None:
        """A commit has ended, and so many pages are in the log."""
        if pages >= MANY:
            self._due.set()

    def stop(self) -> None:
        """End it, and wait for that."""
        self._stopping = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        connection = apsw.Connection(str(self._path))
        connection.set_busy_timeout(connect.BUSY_TIMEOUT)
        # Until its first read a connection does not know that there is a log.
        connection.execute("select 1 from meta").fetchall()
        looked = -COPIES_EVERY
        while True:
            self._due.wait(EVERY)
            self._due.clear()
            if self._stopping:
                break
            if time.monotonic() - looked >= COPIES_EVERY:
                looked = time.monotonic()
                migrate.drop_copies(self._path, time.time())
            move(connection)
        connection.close()


def move(connection: apsw.Connection) -> None:
    """Move what can be moved without waiting for anybody. What fails is told and never raised: the log stays whole."""
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    except apsw.BusyError:
        # The writer makes one of its own where the log has grown long (Writer.follow).
        log.debug("Another checkpoint of the store's log is under way")
    except apsw.Error as error:
        # A full disk: the log stays whole, and the writer is told the same by its own commit.
        log.warning("The store's log can't be checkpointed: %s", error)
