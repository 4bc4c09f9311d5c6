"""Credentials in a mounted Secret: `username`, `password`, `token`, read again when they change."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from flower_monitor.web.credentials import Credentials, token, user

logger = logging.getLogger(__name__)

FILES = ("username", "password", "token")

CHECK_INTERVAL = 1.0
"""Seconds between two looks at the files. A login uses what was read last in between, so a flood of
requests costs three `stat` calls a second, and a changed password is known within a second."""

_Signature = tuple[tuple[int, int, int] | None, ...]


class CredentialFiles:
    """The credentials in a folder, always as they are now.

    Kubernetes replaces the files of a mounted Secret by switching a symbolic link, so a look compares
    inode, size and time of all three.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._next_check = float("-inf")
        self._signature: _Signature | None = None
        self._current = Credentials()

    def current(self) -> Credentials:
        """What the files hold now; nobody at all while they are missing or empty."""
        now = self._clock()
        if now >= self._next_check:
            self._next_check = now + CHECK_INTERVAL
            self._refresh()
        return self._current

    def _refresh(self) -> None:
        signature = tuple(_signature(self._folder / name) for name in FILES)
        if signature == self._signature:
            return
        self._signature = signature
        self._current = _parse(*(_read(self._folder / name) for name in FILES))
        self._report()

    def _report(self) -> None:
        if self._current.users or self._current.tokens:
            logger.info("credentials read from %s", self._folder)
            return
        logger.warning(
            "no credentials in %s: nobody can log in until it holds username and password, or token",
            self._folder,
        )


def _parse(name: str, password: str, bearer: str) -> Credentials:
    return Credentials(
        users=(user(name, password),) if name and password else (),
        tokens=(token("token", bearer),) if bearer else (),
    )


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read(path: Path) -> str:
    """A file's text without the line end that `echo` leaves; empty when it can't be read."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("cannot read the credential file %s: %s", path, error)
        return ""
