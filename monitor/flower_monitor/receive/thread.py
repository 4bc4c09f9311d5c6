"""The receiving thread: connect, receive until it breaks, back off, again; for as long as the monitor lives."""

import logging
import random
import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from flower_monitor.exceptions import BrokerError
from flower_monitor.receive.link import Link
from flower_monitor.receive.url import Broker

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

    def run(self, broker: Broker, stopping: threading.Event) -> None:
        """Connect, call `link.connected()`, receive until told to stop. BrokerError or OSError when it can't go on."""

    def interrupt(self) -> None:
        """Wake `run`, so that it sees that it should stop. Called from another thread."""


class Receiver:
    """Receives in a thread of its own.

    Of several brokers the first is tried first, each time; the next as soon as one fails, and a wait comes after the
    last.
    """

    def __init__(self, session: Session, link: Link, brokers: Sequence[Broker]) -> None:
        self._session = session
        self._link = link
        self._brokers = brokers
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
            if self._round():
                waits = delays()
            self._stopping.wait(next(waits))

    def _round(self) -> bool:
        """Each broker once, until one was connected (and lost again); whether one was."""
        before = self._link.connections
        for broker in self._brokers:
            self._attempt(broker)
            if self._link.connections > before:
                return True
            if self._stopping.is_set():
                break
        return False

    def _attempt(self, broker: Broker) -> None:
        self._link.trying(broker)
        try:
            self._session.run(broker, self._stopping)
        except BrokerError as error:
            self._failed(error)
        except OSError as error:
            self._failed(BrokerError(str(error), "closed"))
        except Exception as error:
            # Whatever it is, a monitor that no longer receives is worse than one that tries again.
            log.exception("The receiver failed in a way it should not; it connects again. Please report this")
            self._failed(BrokerError(f"internal error: {type(error).__name__}", "internal"))

    def _failed(self, error: BrokerError) -> None:
        if self._stopping.is_set():
            return
        self._link.failed(error)
        attempts = self._link.status.attempts
        log.warning("Broker %s: %s (attempt %d)", self._link.status.url, error, attempts)
