"""Reading one connection to RabbitMQ by hand, from the first message to the last acknowledgement."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from flower_monitor.exceptions import BrokerError
from flower_monitor.receive import frames
from flower_monitor.receive.backlog import Backlog
from flower_monitor.receive.claim import Claim
from flower_monitor.receive.frames import Frames
from flower_monitor.receive.inbox import Inbox
from flower_monitor.receive.link import Link

#: Seconds between heartbeats asked for: a broker that is gone without a word is noticed in twice that. `?heartbeat=`
#: in the URL says otherwise, as kombu has it.
HEARTBEAT = 10

#: Seconds between looks at what was committed meanwhile: an acknowledgement waits that long at most.
POLL = 0.1

#: Bytes read at once, and those below which it pays to wait a moment for more.
READ = 1 << 18
FEW = 1 << 14
MOMENT = 0.005

#: Seconds that the broker has for its last word.
FAREWELL = 1.0


class Consumer:
    """Reads one connection by hand until it ends."""

    def __init__(self, connection: Any, channel: int, found: Claim, inbox: Inbox, link: Link, queue_bytes: int) -> None:
        self._sock: socket.socket = connection.sock
        self._channel = channel
        self._inbox = inbox
        self._heartbeat: float = connection.heartbeat or HEARTBEAT
        self._frames = Frames()
        self._backlog = Backlog(found, queue_bytes, link)
        self._acknowledged = 0
        self._heard = self._spoken = time.monotonic()

    def run(self, stopping: threading.Event, paused: Callable[[], bool]) -> None:
        """Until asked to stop, or BrokerError."""
        self._sock.settimeout(POLL)
        while not stopping.is_set():
            if paused() or self._inbox.full():
                # A broker that we do not listen to is not silent.
                self._heard = time.monotonic()
                stopping.wait(MOMENT)
            else:
                self._read()
            self._speak(time.monotonic())
        self._acknowledge()
        self._end()

    def _read(self) -> None:
        try:
            data = self._sock.recv(READ)
        except ConnectionResetError:
            data = b""
        except TimeoutError:
            if time.monotonic() - self._heard > 2 * self._heartbeat:
                silent = 2 * self._heartbeat
                raise BrokerError(f"RabbitMQ was silent for {silent:.0f} s", "silent", silent) from None
            return
        if not data:
            raise BrokerError("RabbitMQ, or something on the way to it, cut the connection", "broken")
        self._heard = time.monotonic()
        if bodies := self._frames.feed(data):
            self._inbox.put(self._frames.last, bodies)
            self._backlog.received(bodies)
        if self._frames.failure is not None:
            raise self._frames.failure
        if len(data) < FEW:
            time.sleep(MOMENT)

    def _speak(self, now: float) -> None:
        """What is due: acknowledgements, heartbeats, questions."""
        if self._acknowledge():
            self._spoken = now
        if now - self._spoken > self._heartbeat / 2:
            self._send(frames.HEARTBEAT)
            self._spoken = now
        if self._backlog.due(now):
            self._send(frames.question(self._channel, self._backlog.queue))
        if (waiting := self._frames.waiting) is not None:
            self._frames.waiting = None
            self._backlog.told(waiting)

    def _acknowledge(self) -> bool:
        tag = self._inbox.committed()
        if tag <= self._acknowledged:
            return False
        self._send(frames.acknowledgement(self._channel, tag))
        self._acknowledged = tag
        return True

    def _send(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except TimeoutError:
            # Part of it may be sent: nothing can follow it.
            raise BrokerError("RabbitMQ takes nothing from us any more", "silent") from None

    def _end(self) -> None:
        """Say goodbye and listen until it is answered: closing at once could undo the last acknowledgement."""
        self._send(frames.farewell())
        deadline = time.monotonic() + FAREWELL
        while not self._frames.closed and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                data = self._sock.recv(READ)
                if not data:
                    return
                self._frames.feed(data)
