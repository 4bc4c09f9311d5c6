"""Reading the database without ever holding up the event loop.

SQLite blocks, and a reader may be used by one thread only: so a few threads, each with a reader of its own.
The file belongs to the ingest process, which may not have made it yet, and which moves one aside that it
can't open: until there is one to read, every question is answered 503 by `StoreAccess.read`.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import apsw

from flower_monitor.exceptions import QueryError, StoreUnavailable
from flower_monitor.store.reader import Reader
from flower_monitor.web.problems import Problem, bad_parameter

Answer = TypeVar("Answer")

RETRY_AFTER = 2
"""Seconds after which a client should ask again: ingest makes its file within about one."""


class StoreAccess:
    """A small pool of threads that ask a store questions.

    Args:
        path: The SQLite file.
        threads: How many questions are answered at the same time. Each keeps a page cache of 4 MiB.
        name: Name of the threads, for debuggers.
        life: As `Reader` has it.
    """

    def __init__(self, path: Path, threads: int, name: str, life: float = 0.0) -> None:
        self._path = path
        self._life = life
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._seat = _Seat()
        self._lock = threading.Lock()
        self._open: set[Reader] = set()

    async def read(self, question: Callable[[Reader], Answer]) -> Answer:
        """What the store answers to a question.

        Raises:
            Problem: 503 `store` while there is no readable store, 400 for a query that it refuses.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._ask, question)

    def close(self) -> None:
        """Wait for the questions under way, then close every reader."""
        self._pool.shutdown(cancel_futures=True)
        for reader in self._open:
            reader.close()
        self._open.clear()

    def _ask(self, question: Callable[[Reader], Answer]) -> Answer:
        try:
            return question(self._reader())
        except QueryError as error:
            raise bad_parameter(error.field, str(error)) from error
        except (OSError, apsw.Error, StoreUnavailable) as error:
            self._leave()
            raise unavailable(error) from error

    def _reader(self) -> Reader:
        """This thread's reader, opened anew when the file is another one than it opened."""
        identity = _identity(self._path)
        if self._seat.identity != identity:
            self._leave()
        if self._seat.reader is None:
            self._seat.reader, self._seat.identity = Reader(self._path, self._life), identity
            with self._lock:
                self._open.add(self._seat.reader)
        return self._seat.reader

    def _leave(self) -> None:
        """Close this thread's reader: the next question opens one anew."""
        reader, self._seat.reader = self._seat.reader, None
        if reader is not None:
            with self._lock:
                self._open.discard(reader)
            reader.close()


class _Seat(threading.local):
    """What one thread of the pool holds."""

    reader: Reader | None = None
    identity: tuple[int, int] | None = None


def unavailable(error: Exception) -> Problem:
    """The answer while the store can't be read. No path in it: that is for the log."""
    cause = error.__cause__ or error
    reason = cause.strerror if isinstance(cause, OSError) else str(cause)
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "store",
        f"The store cannot be read yet ({reason}): ask again, and see the monitor's log if this lasts",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
