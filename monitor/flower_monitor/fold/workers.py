"""All workers: what each event says of them, and what the next commit has to write."""

from collections.abc import Iterable, Mapping

from flower_monitor.fold import worker
from flower_monitor.fold.events import Event
from flower_monitor.fold.worker import Worker

#: Seconds between looks at who fell silent.
CHECK_EVERY = 1.0


class Workers:
    """The workers known."""

    def __init__(self, known: Iterable[Worker]) -> None:
        self._known = {found.hostname: found for found in known}
        self._checked = 0.0
        self.dirty: dict[str, Worker] = {}
        """To be written."""

        self.gone: list[str] = []
        """Host names to be deleted."""

    def fold(self, event: Event, now: float) -> None:
        """Fold in an event of a worker about itself."""
        worker.apply(self._touch(event.hostname, now), event, now)

    def worked(self, counts: Mapping[tuple[str, str], int], now: float) -> None:
        """Task events were folded: host name and type -> how many."""
        for (hostname, kind), count in counts.items():
            worker.worked(self._touch(hostname, now), kind, count, now)

    def check(self, now: float, listening_since: float | None) -> list[Worker]:
        """Those that were lost since the last look; none while we hear nobody."""
        if listening_since is None or now - self._checked < CHECK_EVERY:
            return []
        self._checked = now
        found = worker.lost(self._known.values(), now, listening_since)
        self.dirty.update((lost.hostname, lost) for lost in found)
        for hostname in worker.forgotten(self._known.values(), now):
            del self._known[hostname]
            self.dirty.pop(hostname, None)
            self.gone.append(hostname)
        return found

    def settle(self) -> None:
        """All of `dirty` and `gone` is stored."""
        self.dirty = {}
        self.gone = []

    def _touch(self, hostname: str, now: float) -> Worker:
        found = self._known.get(hostname)
        if found is None:
            found = self._known[hostname] = Worker(hostname, now)
        self.dirty[hostname] = found
        return found
