"""One look at all that is scaled by. What is not known now is an error: a 0 would end workers that have work."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from flower_monitor.autoscale.measure import Consumer, Consumers, QueueLoad, consumer, load_of, work_of
from flower_monitor.constants import STATUS_STALE
from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.rows import QueueRow
from flower_monitor.queues.workers import present
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Summary, WorkerRow, WorkloadRow
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.problems import Problem
from flower_monitor.web.queues import Queues
from flower_monitor.web.store import StoreAccess

RETRY_AFTER = 5
"""Seconds after which to ask again when something is stale."""

FRESH = 1.0
"""Seconds for which what the store says is good for others who ask, as a look at the broker is."""


@dataclass(frozen=True)
class Seen:
    """What the store says."""

    at: float
    summary: Summary
    workers: list[WorkerRow]
    held: list[WorkloadRow]


@dataclass(frozen=True)
class Situation:
    """What is seen at a time."""

    at: float
    """When the broker was asked, epoch seconds."""

    now: float
    rows: dict[str, QueueRow]
    """Queues that are known, by name."""

    consumers: Consumers
    """Workers that are there, by host name."""

    held: list[WorkloadRow]

    def load(self, row: QueueRow) -> QueueLoad:
        """What a queue asks for.

        Raises:
            Problem: 503, the broker refused to tell.
        """
        if row.ready is None:
            raise stale("unknown", f"{row.name}: {row.unknown.get('ready', 'the broker does not tell its length')}")
        return load_of(row, self.consumers, self.held, self.at, self.now)

    def work(self, queues: Iterable[str]) -> int:
        """What is to be done in some queues together; of each the broker has told its length."""
        return work_of([self.rows[name] for name in queues], self.consumers, self.held)


class Observatory:
    """Looks, for all who scale.

    Args:
        queues: Knows the broker's queues.
        store: Knows what events tell.
        inspection: Knows what workers said.
        clock: Epoch seconds.
    """

    def __init__(
        self, queues: Queues, store: StoreAccess, inspection: Inspection, clock: Callable[[], float] = time.time
    ) -> None:
        self._queues = queues
        self._store = store
        self._inspection = inspection
        self._clock = clock
        self._seen: Seen | None = None

    async def situation(self) -> Situation:
        """All that is known.

        Raises:
            Problem: 503, the broker does not answer, or what events tell is old.
        """
        try:
            look = await self._queues.look()
        except BrokerError as error:
            raise stale("broker", f"Queues can't be read: {error}") from error
        seen = await self._read()
        consumers = self._consumers(seen.workers)
        held = [one for one in seen.held if one.worker in consumers]
        return Situation(look.at, self._clock(), {row.name: row for row in look.items}, consumers, held)

    async def queue(self, name: str) -> QueueLoad:
        """One queue.

        Raises:
            Problem: 404, nobody knows it; 503, as `situation` and `Situation.load`.
        """
        found = await self.situation()
        row = found.rows.get(name) or await self._other(name)
        if row is None:
            detail = f"Nobody knows a queue {name!r}: see GET /api/v1/queues, and --queues for one that is often empty"
            raise Problem(HTTPStatus.NOT_FOUND, "unknown-queue", detail, field="queue")
        return found.load(row)

    async def _other(self, name: str) -> QueueRow | None:
        """A queue that is known to nobody; Redis tells none that is empty from one that never was."""
        try:
            row = await self._queues.look_at(name)
        except BrokerError as error:
            raise stale("broker", f"Queues can't be read: {error}") from error
        empty = row is not None and row.ready == 0 and not row.unacknowledged and row.by_priority is not None
        return None if empty else row

    async def _read(self) -> Seen:
        now = self._clock()
        seen = self._seen
        if seen is None or not 0 <= now - seen.at < FRESH:
            seen = self._seen = await self._store.read(
                lambda reader: Seen(now, _checked(reader, now), reader.workers(), reader.workload(now))
            )
        return seen

    def _consumers(self, rows: list[WorkerRow]) -> dict[str, Consumer]:
        answers = self._inspection.known()
        by_name = {row.hostname: row for row in rows}
        names = present({row.hostname: row.state for row in rows}, answers, self._clock())
        return {name: consumer(by_name.get(name), answers.get(name, {})) for name in names}


def stale(code: str, detail: str) -> Problem:
    """The answer while something is not known."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, code, detail, headers={"Retry-After": str(RETRY_AFTER)})


def _checked(reader: Reader, now: float) -> Summary:
    """The summary, of an ingest that is alive and hears its broker."""
    summary = reader.summary()
    committed = summary.ingest.committed_at
    if committed is None or now - committed > STATUS_STALE:
        raise stale("stale", "Events are not read: the ingest process is dead or stuck; see the monitor's log")
    if summary.broker.state != "connected":
        raise stale("stale", f"No events come: the broker is {summary.broker.state}")
    return summary
