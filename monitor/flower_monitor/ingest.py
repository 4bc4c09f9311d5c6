"""The ingest process: takes from the feed, decodes, folds, and commits every 250 ms.

    receive thread --bytes--> decode, fold, store (this module, one thread) ==WAL==> web
                                            checkpoint thread, once a second

It imports neither Celery nor anything of the web: its memory is what is in flight.
"""

import gc
import logging
import os
import threading
import time

from flower_monitor.config import Config
from flower_monitor.constants import STATUS_INTERVAL, EventCode
from flower_monitor.counts import Counters, Rate
from flower_monitor.exceptions import StoreBroken, StoreUnusable
from flower_monitor.fold import task
from flower_monitor.fold.events import Broken, Event, broken
from flower_monitor.receive import feed
from flower_monitor.receive.feed import Feed, Losses
from flower_monitor.store import place
from flower_monitor.store.checkpoint import Checkpoint
from flower_monitor.store.records import IngestStatus, Notice, StoreStatus
from flower_monitor.store.writer import Writer

#: Events after which a batch is committed at once: bounds memory when there is a backlog.
BATCH_EVENTS = 20_000

#: Bytes of messages, the same for long ones.
BATCH_BYTES = 16 << 20

#: Seconds before a commit that failed (a full disk) is tried again. Meanwhile nothing is taken, and the feed sheds.
RETRY_AFTER = 1.0

#: Seconds that what was received is still taken when asked to stop.
LAST_TAKE = 1.0

#: Seconds between lines in the log about broken messages for the same reason.
COMPLAIN_EVERY = 60.0

#: Lost workers that the log names at a time.
NAMED = 5

#: Bytes of an event that is dropped unread, before any was seen: Celery's are about as long.
TYPICAL_EVENT = 500

log = logging.getLogger(__name__)


class Ingest:
    """From the feed into the store."""

    def __init__(self, config: Config, writer: Writer, source: Feed, notices: list[Notice]) -> None:
        now = time.time()
        self._config = config
        self._writer = writer
        self._feed = source
        self._notices = notices
        self._tasks = writer.tasks()
        self._workers = writer.workers()
        self._counters = Counters(writer.counters())
        self._rate = Rate(now, self._counters.total("events_received"))
        self._started = now
        self._losses = Losses(0, 0)
        self._connections = 0
        self._batch_events = self._batch_bytes = 0
        self._decoded_events = self._decoded_bytes = 0
        self._newest: list[Event] = []
        self._last_event: float | None = None
        self._samples: dict[str, Broken] = {}
        self._complained: dict[str, float] = {}
        self._written = 0.0

    def run(self, stopping: threading.Event) -> None:
        """Until asked to stop; then take and write what was received, and return."""
        interval = self._config.commit_interval
        due = time.monotonic()
        while not stopping.is_set():
            self.take(due)
            if time.monotonic() < due and not self._full():
                self._feed.wait(min(due - time.monotonic(), interval))
                continue
            # The clock runs through the write, or the interval becomes interval plus write; but a write that
            # takes longer than it leaves time to take something.
            due = time.monotonic() + interval
            if self.commit():
                due = max(due, time.monotonic() + interval / 4)
            else:
                stopping.wait(RETRY_AFTER)
        self._feed.stop()
        self.take(time.monotonic() + LAST_TAKE)
        self.commit(last=True)

    def take(self, until: float) -> None:
        """Decode and fold what was received, until a time or until the batch is full."""
        while time.monotonic() < until and not self._full():
            messages = self._feed.take()
            if not messages:
                return
            self._fold(messages)

    def commit(self, last: bool = False) -> bool:
        """Write the batch, if there is anything to write; False when that failed."""
        now = time.time()
        self._count_losses()
        if lost := self._workers.check(now, self._listening_since()):
            some = ", ".join(worker.hostname for worker in lost[:NAMED])
            log.warning(
                "%d workers are lost, their heartbeats stopped: %s%s", len(lost), some, "…" * (len(lost) > NAMED)
            )
        if not (self._pending() or last or now - self._written >= STATUS_INTERVAL):
            return True
        self._tell_workers(now)
        try:
            self._writer.commit(self._tasks, self._workers, self._counters.pending, self._status(now), now)
        except StoreUnusable as error:
            log.error("%s; the batch is kept and written later", error)
            return False
        self._feed.committed()
        self._tasks.settle()
        self._workers.settle()
        self._counters.settle()
        self._batch_events = self._batch_bytes = 0
        self._written = now
        return True

    # -- folding -------------------------------------------------------------------------------------------

    def _fold(self, messages: list[bytes]) -> None:
        now = time.time()
        decoded = self._feed.decode(messages)
        size = sum(map(len, messages))
        self._batch_bytes += size
        self._batch_events += len(decoded.events)
        self._decoded_bytes += size
        self._decoded_events += len(decoded.events)
        self._counters.add("messages_received", len(messages))
        for found in decoded.broken:
            self._complain(found)
        if not decoded.events:
            return
        self._counters.add("events_received", len(decoded.events))
        self._last_event = now
        self._newest = decoded.events
        events = self._task_events(decoded.events, now)
        self._tasks.fold(events, now)

    def _task_events(self, events: list[Event], now: float) -> list[Event]:
        """Those of tasks; workers' events are folded on the way, unknown ones counted."""
        known = task.KINDS
        plain = [event for event in events if event.uuid and event.type in known]
        if len(plain) == len(events):
            return plain
        return [event for event in events if self._is_task(event, now)]

    def _is_task(self, event: Event, now: float) -> bool:
        if event.type.startswith("task-"):
            if event.uuid:
                return True
            self._complain(broken("field", f"`uuid` is missing in a {event.type}", event))
        elif event.type.startswith("worker-"):
            self._workers.fold(event, now)
        else:
            self._complain(broken("type", "unknown type of event", event))
        return False

    def _tell_workers(self, now: float) -> None:
        """What was folded says that its workers live."""
        counts: dict[tuple[str, str], int] = {}
        for series, count in self._tasks.counts.items():
            sender = self._tasks.texts[series]
            # task-sent is a client's, and past the bound on series nobody's in particular.
            if series[0] and series[1] != EventCode.SENT:
                counts[sender] = counts.get(sender, 0) + count
        self._workers.worked(counts, now)

    # -- counting ------------------------------------------------------------------------------------------

    def _complain(self, found: Broken) -> None:
        """Count a broken message or event, keep it as the sample, log the first of a minute."""
        self._counters.add("events_invalid", 1, reason=found.reason)
        self._samples[found.reason] = found
        now = time.monotonic()
        if now - self._complained.get(found.reason, -COMPLAIN_EVERY) >= COMPLAIN_EVERY:
            self._complained[found.reason] = now
            log.warning("Not an event (%s): %s, %d bytes", found.reason, found.detail, found.length)

    def _count_losses(self) -> None:
        losses, before = self._feed.losses(), self._losses
        self._losses = losses
        self._counters.add("messages_dropped", losses.messages - before.messages, reason="buffer")
        # What was dropped was not decoded; how many events it held follows from those that were.
        typical = self._decoded_bytes / self._decoded_events if self._decoded_events else TYPICAL_EVENT
        self._counters.add("events_dropped", round((losses.bytes - before.bytes) / typical), reason="buffer")
        connections = self._feed.link.connections
        self._counters.add("reconnects", max(connections, 1) - max(self._connections, 1))
        self._connections = connections

    def _pending(self) -> bool:
        return bool(self._batch_events or self._counters.pending or self._workers.dirty or self._workers.gone)

    def _full(self) -> bool:
        return self._batch_events >= BATCH_EVENTS or self._batch_bytes >= BATCH_BYTES

    # -- status --------------------------------------------------------------------------------------------

    def _listening_since(self) -> float | None:
        status = self._feed.link.status
        return status.since if status.state == "connected" else None

    def _status(self, now: float) -> dict[str, object]:
        counters = self._counters
        received = counters.total("events_received")
        return {
            "broker": self._feed.link.status,
            "ingest": IngestStatus(
                pid=os.getpid(),
                started=self._started,
                batch=self._writer.batch + bool(self._tasks.new or self._tasks.dirty),
                committed_at=now,
                lag=_median([now - event.timestamp for event in self._newest]),
                buffer_bytes=self._feed.waiting(),
                rate=self._rate.at(now, received),
                last_event=self._last_event,
                events_received=received,
                events_dropped=counters.total("events_dropped"),
                events_invalid=counters.total("events_invalid"),
            ),
            "store": StoreStatus(retention_age=self._config.retention_age, retention_tasks=self._config.max_tasks),
            "notices": self._notices,
            "invalid": self._samples,
        }


def run(config: Config, stopping: threading.Event) -> None:
    """The whole process, until asked to stop."""
    source = feed.connect(config)
    notices: list[Notice] = []
    while True:
        connection, replaced = place.open_writer(config.store)
        notices += [replaced] if replaced else []
        writer = Writer(connection, config.max_tasks, config.retention_age)
        try:
            _into(config, writer, source, notices, stopping)
        except StoreBroken as error:
            # Damaged while it was in use: as at the start, it is moved aside, and the feed goes on.
            writer.abandon()
            notices.append(place.replace(config.store, str(error)))
            continue
        source.close()
        writer.close()
        return


def _into(config: Config, writer: Writer, source: Feed, notices: list[Notice], stopping: threading.Event) -> None:
    """From the feed into one store."""
    ingest = Ingest(config, writer, source, notices)
    ingest.commit()
    checkpoint = Checkpoint(config.store)
    checkpoint.start()
    source.start()
    # Nothing here makes cycles, and a collection walks every task in memory.
    gc.freeze()
    gc.disable()
    try:
        ingest.run(stopping)
    finally:
        checkpoint.stop()


def _median(values: list[float]) -> float | None:
    """The middle one; the statistics module would cost 3 MiB."""
    return sorted(values)[len(values) // 2] if values else None
