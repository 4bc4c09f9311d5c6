"""What web found out or was told to do, on its way to ingest, which alone writes.

A pair of sockets (supervisor.py) that both processes inherit, and inherit again when they are restarted: no file that
has to be cleaned up, no port that somebody else could reach, and no second writer of the store. The kernel keeps some
hundred kB of it while ingest is away. When it is full the letter is not sent: a verdict is found out again, and of an
audit entry there is a line in the log.
"""

import socket
from collections.abc import Sequence

import msgspec

from flower_monitor import news
from flower_monitor.consumption import Consumption

#: What a letter may hold.
Item = news.Item | Consumption

#: Of these in one letter: far below what one may hold, with all their evidence.
TOGETHER = 20

#: Letters read at a time.
AT_ONCE = 100

#: Bytes of the longest letter.
LONGEST = 1 << 18

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Item]).decode


class Letters:
    """The end that ingest reads; nobody writes when it has none."""

    def __init__(self, descriptor: int | None) -> None:
        self._socket = None if descriptor is None else socket.socket(fileno=descriptor)

    def read(self) -> list[Item]:
        """What came, without waiting."""
        found: list[Item] = []
        if self._socket is None:
            return found
        for _ in range(AT_ONCE):
            try:
                letter = self._socket.recv(LONGEST, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            if not letter:
                break  # the supervisor is gone, and so are we in a moment
            found += _decode(letter)
        return found

    def close(self) -> None:
        """Let go of it."""
        if self._socket is not None:
            self._socket.close()


class Post:
    """The end that web writes; without one nothing is sent."""

    def __init__(self, descriptor: int | None) -> None:
        self._socket = None if descriptor is None else socket.socket(fileno=descriptor)

    @property
    def open(self) -> bool:
        """Whether there is anybody to write to."""
        return self._socket is not None

    def send(self, items: Sequence[Item]) -> int:
        """Send some; how many of them fitted."""
        if self._socket is None:
            return 0
        for start in range(0, len(items), TOGETHER):
            try:
                self._socket.send(_encode(items[start : start + TOGETHER]), socket.MSG_DONTWAIT)
            except BlockingIOError:
                return start
        return len(items)

    def close(self) -> None:
        """Let go of it."""
        if self._socket is not None:
            self._socket.close()
