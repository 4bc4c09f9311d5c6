"""The bytes of a Redis subscription between two threads: bounded, shed from and counted, never left unread.

Redis cuts off a subscriber that does not read, and then all is lost until it is back. So the receiving thread
goes on reading when there is no room, and leaves messages out, from the start of one to the start of another.
"""

import threading
from collections import deque

import hiredis

#: How each message begins. It can't stand inside one: kombu's payload is JSON, whose strings hold no line breaks.
MARK = b"*4\r\n$8\r\npmessage\r\n"

#: Bytes parsed at once: hiredis moves all that it was fed and has not parsed, for each message anew.
PIECE = 1 << 14

#: Bytes beyond its length that a chunk costs: a small one is mostly that.
OVERHEAD = 64


class Stream:
    """Chunks from the receiving thread to the decoding one. `None` says that the bytes after it start afresh."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._chunks: deque[bytes | None] = deque()
        self._more = threading.Event()
        # Each counter has one writing thread, so that no lock is needed: held is put minus taken.
        self._put = self._taken = 0
        self._tail: bytes | None = None
        self.dropped_messages = self.dropped_bytes = 0

    @property
    def held(self) -> int:
        """Bytes that wait."""
        return self._put - self._taken

    # -- receiving thread ----------------------------------------------------------------------------------

    def put(self, data: bytes) -> None:
        """Add what was received, or drop it when there is no room."""
        if self._tail is not None:
            self._shed(data)
        elif self.held + len(data) + OVERHEAD > self._limit:
            # The message whose beginning was passed on is lost too.
            self.dropped_messages += 1
            self._tail = b""
            self._shed(data)
        else:
            self._append(data)

    def restart(self) -> None:
        """A new connection: what comes next belongs to no message before it."""
        self._tail = None
        self._chunks.append(None)
        self._more.set()

    def _append(self, data: bytes) -> None:
        self._put += len(data) + OVERHEAD
        self._chunks.append(data)
        self._more.set()

    def _shed(self, data: bytes) -> None:
        """Drop a chunk; once half is free again, go on at the first message from which on the rest of it fits."""
        window = (self._tail or b"") + data
        start = self._resumption(window)
        if start >= 0:
            self.dropped_messages += window.count(MARK, 0, start)
            self.dropped_bytes += start
            self.restart()
            self._append(window[start:])
            return
        self.dropped_messages += window.count(MARK)
        self.dropped_bytes += len(data)
        # A mark may be cut in two by the end of a chunk.
        self._tail = window[-(len(MARK) - 1) :]

    def _resumption(self, window: bytes) -> int:
        """Where to go on in it; -1: nowhere."""
        room = self._limit - self.held - OVERHEAD
        return window.find(MARK, max(0, len(window) - room)) if self.held < self._limit // 2 else -1

    # -- decoding thread -----------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Until there is a chunk, or some seconds."""
        if not self._chunks:
            self._more.clear()
            if not self._chunks:
                self._more.wait(seconds)

    def take(self) -> tuple[bool, bytes | None]:
        """Whether there was a chunk, and the chunk."""
        if not self._chunks:
            return False, None
        data = self._chunks.popleft()
        if data is not None:
            self._taken += len(data) + OVERHEAD
        return True, data


class Parser:
    """Chunks to the payloads of pub/sub messages."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._reader = hiredis.Reader()
        self._unfinished = 0
        self._lost = False
        self.garbled = 0
        """Times the stream made no sense."""

        self.oversize = 0
        """Messages that were larger than the whole buffer."""

    def restart(self) -> None:
        """What comes next belongs to no message before it."""
        self._reader = hiredis.Reader()
        self._unfinished = 0
        self._lost = False

    def payloads(self, data: bytes, start: int = 0) -> list[bytes]:
        """The payloads that the next PIECE of a chunk completes."""
        end = min(start + PIECE, len(data))
        if self._lost:
            start = data.find(MARK, start)
            if not 0 <= start < end:
                return []
            self.restart()
        self._reader.feed(data, start, end - start)
        self._unfinished += end - start
        found: list[bytes] = []
        try:
            self._gather(found)
        except hiredis.ProtocolError:
            self.garbled += 1
            self._lose()
        if found:
            self._unfinished = 0
        elif self._unfinished > self._limit:
            self.oversize += 1
            self._lose()
        return found

    def _gather(self, found: list[bytes]) -> None:
        gets = self._reader.gets
        while (reply := gets()) is not False:
            if type(reply) is list and len(reply) == 4:
                found.append(reply[3])

    def _lose(self) -> None:
        self._lost = True
        self._reader = hiredis.Reader()
