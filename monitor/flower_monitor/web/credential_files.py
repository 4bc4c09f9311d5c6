"""Credentials in files, read again when they change: a mounted Secret, and a file of API tokens."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flower_monitor.web import tokens
from flower_monitor.web.credentials import Credentials, token, user

logger = logging.getLogger(__name__)

FILES = ("username", "password", "token", "previousPassword", "previousToken")
"""The last two are there for a while after a rotation, and let in as those before them do."""

CHECK_INTERVAL = 1.0
"""Seconds between two looks at the files. A login uses what was read last in between, so a flood of
requests costs three `stat` calls a second, and a changed password is known within a second."""

_Signature = tuple[tuple[int, int, int] | None, ...]


class WatchedCredentials:
    """The credentials in some files, always as they are now; the same object for as long as they are the same.

    Kubernetes replaces the files of a mounted Secret by switching a symbolic link, so a look compares
    inode, size and time of each.

    Args:
        paths: The files.
        parse: Makes the credentials of their texts, which are empty for files that can't be read.
        where: What they are called in the log.
        clock: Seconds.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        parse: Callable[[Sequence[str]], Credentials],
        where: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._paths = paths
        self._parse = parse
        self._where = where
        self._clock = clock
        self._next_check = float("-inf")
        self._signature: _Signature | None = None
        self._current = Credentials()

    def current(self) -> Credentials:
        """What the files hold now; nobody at all while they are missing, empty or wrong."""
        now = self._clock()
        if now >= self._next_check:
            self._next_check = now + CHECK_INTERVAL
            self._refresh()
        return self._current

    def _refresh(self) -> None:
        signature = tuple(map(_signature, self._paths))
        if signature == self._signature:
            return
        self._signature = signature
        self._current = self._parse([_read(path) for path in self._paths])
        if self._current.users or self._current.tokens:
            logger.info("credentials read from %s", self._where)


class CredentialFiles(WatchedCredentials):
    """`username`, `password`, `token` and those before them in a folder: a Secret, whose holder may everything."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__([folder / name for name in FILES], self._found, folder, clock)

    def _found(self, texts: Sequence[str]) -> Credentials:
        name, password, bearer, password_before, bearer_before = texts
        found = Credentials(
            users=tuple(user(name, one) for one in (password, password_before) if name and one),
            tokens=tuple(token("token", one) for one in (bearer, bearer_before) if one),
        )
        if found == Credentials():
            told = "no credentials in %s: nobody can log in until it holds username and password, or token"
            logger.warning(told, self._where)
        return found


class TokenFile(WatchedCredentials):
    """API tokens in a file (tokens.py). A wrong one lets nobody in, and the log says what is wrong."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__([path], self._found, path, clock)

    def _found(self, texts: Sequence[str]) -> Credentials:
        try:
            return Credentials(tokens=tokens.parse(texts[0]))
        except ValueError as error:
            logger.error("no API token is valid until %s is put right: %s", self._where, error)
            return Credentials()


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
