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
from collections import Counter
from collections.abc import Iterable

from flower_monitor import protect
from flower_monitor.config import Config
from flower_monitor.constants import STATUS_INTERVAL, EventCode
from flower_monitor.consumption import Consumption
from flower_monitor.counts import Counters, Rate, SeenWindow
from flower_monitor.exceptions import StoreBroken, StoreUnusable
from flower_monitor.fold import custom, task
from flower_monitor.fold.events import Broken, Decoded, Event, broken
from flower_monitor.letterbox import Letters
from flower_monitor.mishaps import Mishaps
from flower_monitor.news import MOST, News
from flower_monitor.receive import feed
from flower_monitor.receive.feed import Feed, Losses
from flower_monitor.store import place
from flower_monitor.store.checkpoint import Checkpoint
from flower_monitor.store.records import IngestStatus, Notice
from flower_monitor.store.writer import Writer
from flower_monitor.truth.offset import SLOWEST_WAY
from flower_monitor.truth.verdict import FINAL, Verdict

#: Events after which a batch is committed at once: bounds memory when there is a backlog.
BATCH_EVENTS = 20_000

#: Bytes of messages, the same for long ones.
BATCH_BYTES = 16 << 20

#: Events of a batch from which on new tasks are held back for their end, a moment: 8,000 a second. And the bytes of
#: each up to which: while tasks are held back, their texts are in memory.
HOLD_EVENTS = 2_000
HOLD_BYTES = 2_048

#: Seconds before a commit that failed (a full disk) is tried again. Meanwhile nothing is taken, and the feed sheds.
RETRY_AFTER = 1.0

#: Seconds that what was received is still taken when asked to stop.
LAST_TAKE = 1.0

#: What becomes of a batch that can't be written when the monitor stops.
STOPPED = "the monitor stops without the last {} events: RabbitMQ sends them again, no other broker does"

#: Seconds between lines in the log about broken messages for the same reason.
COMPLAIN_EVERY = 60.0

#: Lost workers that the log names at a time.
NAMED = 5

#: Bytes of an event that is dropped unread, before any was seen: Celery's are about as long.
TYPICAL_EVENT = 500

log = logging.getLogger(__name__)


class Ingest:
    """From the feed into the store."""

    def __init__(
        self, config: Config, writer: Writer, source: Feed, notices: list[Notice], letters: Letters | None = None
    ) -> None:
        now = time.time()
        self._config = config
        self._writer = writer
        self._feed = source
        self._notices = notices
        self._letters = letters or Letters(None)
        self._news = News()
        self._protection = protect.of(config)
        self._tasks = writer.tasks()
        self._workers = writer.workers(config.purge_offline_workers)
        before = writer.stored("ingest", IngestStatus)
        written = before.committed_at if before else None
        self._mishaps = Mishaps(self._workers.gaps, written, now)
        self._counters = Counters(writer.counters())
        self._seen = SeenWindow(writer.stored("seen_minutes", list[list[int]]) or [])
        self._started = now
        self._steady = self._emptied = time.monotonic()
        self._rate = Rate(self._steady, self._counters.total("events_received"))
        self._losses = Losses(0, 0)
        self._connections = 0
        self._listening_since: float | None = None
        self._batch_events = self._batch_bytes = 0
        self._decoded_events = self._decoded_bytes = 0
        self._newest: list[Event] = []
        self._last_event: float | None = None
        self._samples: dict[str, Broken] = {}
        self._complained: dict[str, float] = {}
        self._written = -STATUS_INTERVAL
        self._told = False

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
        self._take_the_rest(time.monotonic() + LAST_TAKE)

    def take(self, until: float) -> None:
        """Decode and fold what was received, until a time or until the batch is full."""
        while time.monotonic() < until and not self._full():
            messages = self._feed.take()
            if not messages:
                self._emptied = time.monotonic()
                return
            self._fold(messages)

    def commit(self, last: bool = False) -> bool:
        """Write the batch, if there is anything to write; False when that failed."""
        now = time.time()
        self._count_losses(now)
        self._read_letters()
        self._look_for_lost(now)
        if not (self._pending() or last or time.monotonic() - self._written >= STATUS_INTERVAL):
            return True
        if not self._told:  # a commit that failed is tried again with the same
            self._tasks.prepare(hold=self._busy() and not last)
            self._tell_workers(now)
            self._told = True
        try:
            counters, status = self._counters.pending, self._status(now)
            self._writer.commit(self._tasks, self._workers, counters, status, now, self._news)
        except StoreUnusable as error:
            then = STOPPED.format(self._batch_events) if last else "the batch is kept and written later"
            log.error("%s; %s", error, then)
            self._listening_since = None  # until it is written nothing is taken, so nobody is heard
            return False
        self._feed.committed()
        self._tasks.settle()
        self._workers.settle(now)
        self._told = False
        stored, self._news = self._news, News()
        self._counters.settle()
        self._count_settled(stored.verdicts)
        self._batch_events = self._batch_bytes = 0
        self._written = time.monotonic()
        return True

    def _take_the_rest(self, until: float) -> None:
        """Take and write what was received, however many batches it makes, while there is time."""
        self.take(until)
        while self._full() and time.monotonic() < until and self.commit():
            self.take(until)
        self.commit(last=True)

    def _look_for_lost(self, now: float) -> None:
        """Say whose heartbeats stopped; not between two attempts to write a batch, which is as it is."""
        lost = [] if self._told else self._workers.check(now, time.monotonic(), self._listening_since)
        if lost:
            some = ", ".join(worker.hostname for worker in lost[:NAMED])
            log.warning(
                "%d workers are lost, their heartbeats stopped: %s%s", len(lost), some, "…" * (len(lost) > NAMED)
            )

    def _read_letters(self) -> None:
        """Take what web found out or did."""
        if len(self._news) >= MOST:
            return
        for item in self._letters.read():
            if isinstance(item, Consumption):
                self._tasks.consumption.learn(item.queues)
            else:
                self._news.add(item)

    # -- folding -------------------------------------------------------------------------------------------

    def _fold(self, messages: list[bytes]) -> None:
        now, self._steady = time.time(), time.monotonic()
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
        events = self._task_events(decoded)
        starts = self._tasks.starts
        self._tasks.fold(events, now, self._protection if self._protection.needed(max(map(len, messages))) else None)
        if len(events) == len(decoded.events):
            self._workers.started(starts, now)
        else:
            self._fold_workers(decoded.events, starts, now)
        starts.clear()

    def _task_events(self, decoded: Decoded) -> list[Event]:
        """Those of tasks; what is of neither task nor worker is counted."""
        events, known = decoded.events, task.KINDS
        plain = [event for event in events if event.uuid and event.type in known]
        found = plain if len(plain) == len(events) else [event for event in events if self._is_task(event)]
        told = any(map(custom.may_add, {event.type for event in found}))
        return custom.with_fields(found, decoded.bodies()) if told else found

    def _is_task(self, event: Event) -> bool:
        if event.type.startswith("task-"):
            if event.uuid:
                return True
            self._complain(broken("field", f"`uuid` is missing in a {event.type}", event))
        elif not event.type.startswith("worker-"):
            self._complain(broken("type", "unknown type of event", event))
        return False

    def _fold_workers(self, events: list[Event], starts: list[Event], now: float) -> None:
        """Workers' events among others: in the order they came with the starts, which tells what a heartbeat counts."""
        workers, left, prompt = self._workers, iter(starts), self._prompt()
        start = next(left, None)
        for event in events:
            if event is start:
                workers.started((event,), now)
                start = next(left, None)
            elif event.type.startswith("worker-"):
                workers.fold(event, now, self._steady, prompt)
                if event.type == "worker-online":  # another process, which may consume something else
                    self._tasks.consumption.forget(event.hostname)

    def _prompt(self) -> bool:
        """Whether what comes did not wait, here or in the broker: else how late it is tells nothing of a clock."""
        return not self._feed.link.status.backlog and self._steady - self._emptied <= SLOWEST_WAY

    def _tell_workers(self, now: float) -> None:
        """What was folded says that its workers live."""
        counts: dict[tuple[str, str], int] = {}
        for series, count in self._tasks.counts.items():
            sender = self._tasks.texts[series]
            # task-sent is a client's, and past the bound on series nobody's in particular.
            if series[0] and series[1] != EventCode.SENT:
                counts[sender] = counts.get(sender, 0) + count
        self._workers.worked(counts, now, time.monotonic())
        self._seen.add(now, self._workers.due, self._workers.missed)
        self._counters.add("tasks_due", self._workers.due)
        self._counters.add("tasks_missed", self._workers.missed)
        self._workers.due = self._workers.missed = 0

    # -- counting ------------------------------------------------------------------------------------------

    def _complain(self, found: Broken) -> None:
        """Count a broken message or event, keep it as the sample, log the first of a minute."""
        self._counters.add("events_invalid", 1, reason=found.reason)
        self._samples[found.reason] = self._protection.broken(found)
        now = time.monotonic()
        if now - self._complained.get(found.reason, -COMPLAIN_EVERY) >= COMPLAIN_EVERY:
            self._complained[found.reason] = now
            log.warning("Not an event (%s): %s, %d bytes", found.reason, found.detail, found.length)

    def _count_losses(self, now: float) -> None:
        losses, before = self._feed.losses(), self._losses
        self._losses = losses
        for reason, messages in losses.reasons.items():
            self._counters.add("messages_dropped", messages - before.reasons.get(reason, 0), reason=reason)
        # What was dropped was not decoded; how many events it held follows from those that were.
        typical = self._decoded_bytes / self._decoded_events if self._decoded_events else TYPICAL_EVENT
        events = round((losses.bytes - before.bytes) / typical)
        self._counters.add("events_dropped", events, reason="buffer")
        self._mishaps.dropped(events, now)
        self._listen()

    def _listen(self) -> None:
        """Take note of the connection."""
        link, before = self._feed.link, self._connections
        connections, status = link.connections, link.status
        if status.state != "connected":
            self._listening_since = None
        elif self._listening_since is None or connections != before:
            self._listening_since = time.monotonic()
        for reason in self._mishaps.connection(link):
            self._counters.add("reconnects", 1, reason=reason)
        self._connections = connections

    def _count_settled(self, verdicts: Iterable[Verdict]) -> None:
        for outcome, count in Counter(verdict.verdict for verdict in verdicts).items():
            if outcome in FINAL:
                self._counters.add("tasks_settled", count, verdict=outcome)

    def _pending(self) -> bool:
        workers = self._workers
        changed = workers.dirty or workers.gone or workers.gaps.dirty
        return bool(self._batch_events or self._tasks.outbox.new or self._counters.pending or changed or self._news)

    def _busy(self) -> bool:
        """Whether there are so many events that each write counts, and not so much of them that memory does."""
        return self._batch_events >= HOLD_EVENTS and self._batch_bytes <= HOLD_BYTES * self._batch_events

    def _full(self) -> bool:
        return self._batch_events >= BATCH_EVENTS or self._batch_bytes >= BATCH_BYTES

    # -- status --------------------------------------------------------------------------------------------

    def _status(self, now: float) -> dict[str, object]:
        counters = self._counters
        received = counters.total("events_received")
        return {
            "broker": self._feed.link.status,
            "ingest": IngestStatus(
                pid=os.getpid(),
                started=self._started,
                batch=self._writer.batch + bool(any(self._tasks.outbox.prepared) or self._news.verdicts),
                committed_at=now,
                lag=self._lag(now),
                buffer_bytes=self._feed.waiting(),
                rate=self._rate.at(time.monotonic(), received),
                last_event=self._last_event,
                events_received=received,
                events_dropped=counters.total("events_dropped"),
                events_invalid=counters.total("events_invalid"),
            ),
            "store": self._writer.status(),
            "seen": self._seen.total(),
            "seen_minutes": self._seen.minutes,
            "notices": [*self._notices, *self._feed.link.notices.values()],
            "invalid": self._samples,
        }

    def _lag(self, now: float) -> float | None:
        """Seconds from the newest events to now, their senders' clocks put right; of clients' only when there are no
        others: nothing tells about their clocks."""
        known = [took for event in self._newest if (took := self._workers.took(event, now)) is not None]
        return _median(known or [now - event.timestamp for event in self._newest])


def run(config: Config, stopping: threading.Event, letters_fd: int | None = None) -> None:
    """The whole process, until asked to stop; `letters_fd` is where web's findings come by."""
    letters = Letters(letters_fd)
    source = feed.connect(config)
    notices: list[Notice] = []
    while True:
        connection, replaced = place.open_writer(config.store)
        notices += [replaced] if replaced else []
        writer = Writer(connection, place.keep(config))
        try:
            _into(Ingest(config, writer, source, notices, letters), writer, config, source, stopping)
        except StoreBroken as error:
            # Damaged while it was in use: as at the start, it is moved aside, and the feed goes on.
            writer.abandon()
            notices.append(place.replace(config.store, str(error)))
            continue
        source.close()
        writer.close()
        return


def _into(ingest: Ingest, writer: Writer, config: Config, source: Feed, stopping: threading.Event) -> None:
    """From the feed into one store."""
    ingest.commit()
    checkpoint = Checkpoint(config.store)
    writer.follow(checkpoint.committed)
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
