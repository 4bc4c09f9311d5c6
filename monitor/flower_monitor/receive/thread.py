"""The receiving thread: connect, receive until it breaks, back off, again; for as long as the monitor lives."""

import logging
import random
import threading
from collections.abc import Iterator
from typing import Protocol

from flower_monitor.exceptions import BrokerError
from flower_monitor.receive.link import Link

#: Most seconds between attempts: a broker that is back is noticed within it, even after hours.
LONGEST_DELAY = 15.0

#: Seconds before the first new attempt.
FIRST_DELAY = 1.0

#: Seconds that a stop waits for the last words with the broker: all of it has to take less than 5.
STOP_SECONDS = 1.5

log = logging.getLogger(__name__)


def delays() -> Iterator[float]:
    """Seconds to wait before each attempt: doubling up to the cap, half of it at random so that monitors spread."""
    delay = FIRST_DELAY
    while True:
        yield delay * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing
        delay = min(delay * 2, LONGEST_DELAY)


class Session(Protocol):
    """One connection after another to a broker."""

    def run(self, stopping: threading.Event) -> None:
        """Connect, call `link.connected()`, receive until told to stop. BrokerError or OSError when it can't go on."""

    def interrupt(self) -> None:
        """Wake `run`, so that it sees that it should stop. Called from another thread."""


class Receiver:
    """Receives in a thread of its own."""

    def __init__(self, session: Session, link: Link) -> None:
        self._session = session
        self._link = link
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receive", daemon=True)

    def start(self) -> None:
        """Begin, unless it has; it returns at once."""
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for that; not for a broker that does not answer."""
        self._stopping.set()
        self._session.interrupt()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        """The outer loop; it ends only when asked to."""
        waits = delays()
        while not self._stopping.is_set():
            before = self._link.connections
            self._attempt()
            if self._link.connections > before:
                waits = delays()
            self._stopping.wait(next(waits))

    def _attempt(self) -> None:
        try:
            self._session.run(self._stopping)
        except (BrokerError, OSError) as error:
            self._failed(str(error))
        except Exception as error:
            # Whatever it is, a monitor that no longer receives is worse than one that tries again.
            log.exception("The receiver failed in a way it should not; it connects again. Please report this")
            self._failed(f"internal error: {type(error).__name__}")

    def _failed(self, reason: str) -> None:
        if self._stopping.is_set():
            return
        self._link.failed(reason)
        attempts = self._link.status.attempts
        log.warning("Broker %s: %s (attempt %d)", self._link.status.url, reason, attempts)
