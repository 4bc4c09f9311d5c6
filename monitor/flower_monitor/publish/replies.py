"""Results that are messages to whoever sent the task (`rpc://`): received here, for tasks that this monitor sent.

The queue has one name for each monitor, so a restart finds what came meanwhile. It is bounded in messages, in bytes
and in time on RabbitMQ; on Redis kombu lets it expire, and it grows only while the monitor is away.
"""

import logging
import threading
from collections import OrderedDict
from functools import cached_property
from typing import Any

from flower_monitor import result_backend
from flower_monitor.publish.connecting import Connecting
from flower_monitor.publish.outcome import Outcome, outcome

logger = logging.getLogger(__name__)

EXPIRES = 3600.0
"""Seconds that the queue stays when nobody reads it."""

MOST_WAITING = 10_000
"""Messages in the queue; then the oldest go."""

MOST_WAITING_BYTES = 64 << 20

MOST_KEPT = 10_000
"""Results remembered; then those that came first go."""

MOST_KEPT_BYTES = 32 << 20

AGAIN = 5.0
"""Seconds after which a lost connection is tried again."""


class Replies:
    """Receives replies in a thread of its own from the first use on."""

    def __init__(self, connecting: Connecting) -> None:
        self._connecting = connecting
        self.queue_name = f"flower-monitor.results.{connecting.own_name}"
        self._kept: OrderedDict[str, tuple[Outcome, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def read(self, uuid: str) -> Outcome:
        """What came of a task so far."""
        self.start()
        with self._lock:
            return self._kept.get(uuid, (Outcome(), 0))[0]

    def start(self) -> None:
        """Begin to receive, if it has not begun."""
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="replies", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop; the thread ends within a second."""
        self._closed.set()

    def queue(self, channel: Any) -> Any:
        """The queue, there from now on."""
        from flower_monitor.from_kombu import entity

        make: Any = entity.Queue  # not typed by kombu
        made = make(
            self.queue_name,
            entity.Exchange(""),
            routing_key=self.queue_name,
            durable=True,
            auto_delete=False,
            expires=EXPIRES,
            max_length=MOST_WAITING,
            max_length_bytes=MOST_WAITING_BYTES,
        )(channel)
        made.declare()
        return made

    @cached_property
    def _backend(self) -> Any:
        return result_backend.connect("disabled://")

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._receive()
            except self._connecting.errors as error:
                text = f"{self._connecting.public}: {str(error) or type(error).__name__}"
                logger.warning("replies of tasks can't be received, again in %.0f s: %s", AGAIN, text)
                self._closed.wait(AGAIN)

    def _receive(self) -> None:
        with self._connecting.connected() as connection:
            channel = connection.channel()
            consumer = connection.Consumer(
                [self.queue(channel)], channel=channel, no_ack=True, accept=["json"], on_message=self._on_message
            )
            with consumer:
                while not self._closed.is_set():
                    connection.heartbeat_check()
                    try:
                        connection.drain_events(timeout=1.0)
                    except TimeoutError:
                        continue

    def _on_message(self, message: Any) -> None:
        """Keep a reply; one that is none, or is no JSON, is left out with a line in the log."""
        try:
            # Celery's own backend makes an exception of what describes one.
            meta = self._backend.meta_from_decoded(dict(message.payload))
            self._keep(str(meta["task_id"]), outcome(meta), len(message.body))
        except Exception as error:
            # Anybody can send anything to a queue; the next message may be a reply again.
            logger.warning("a reply of a task can't be understood: %s: %s", type(error).__name__, error)

    def _keep(self, uuid: str, found: Outcome, size: int) -> None:
        with self._lock:
            before, freed = self._kept.pop(uuid, (Outcome(), 0))
            # A message that tells of progress may be late.
            self._kept[uuid] = (before if before.ready else found, size)
            self._bytes += size - freed
            while self._bytes > MOST_KEPT_BYTES or len(self._kept) > MOST_KEPT:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped
