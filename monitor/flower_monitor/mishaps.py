"""What happens to the monitor itself by which events may be missing: stops, lost connections, a full buffer.

Ingest looks each time it may commit, some four times a second, and hands what it finds to the gaps.
"""

from collections.abc import Iterator

from flower_monitor.receive.link import Break, Link
from flower_monitor.truth.gaps import Gaps
from flower_monitor.truth.incidents import Incident, Why

#: Seconds without a further drop after which a burst of them is over.
BURST = 2.0

#: Ways of receiving (`BrokerStatus.mode`) by which the broker keeps for us what comes while we are away.
KEEPING = frozenset({"queue", "existing-queue"})


class Mishaps:
    """Turns the states of connection and buffer into incidents.

    Args:
        gaps: Who wants to know.
        written: When an ingest before this one last wrote, our clock; None: the store is new.
        now: The time.
    """

    def __init__(self, gaps: Gaps, written: float | None, now: float) -> None:
        self._gaps = gaps
        self._stopped = None if written is None else Incident("stopped", min(written, now), None)
        self._away: Incident | None = None
        self._looked = now
        self._burst: Incident | None = None
        self._dropped_at = 0.0
        self._told = False

    def connection(self, link: Link) -> Iterator[str]:
        """How the connection is; gives the reason of each break of it that is over."""
        status = link.status
        kept = status.mode in KEEPING
        while link.breaks:
            ended = link.breaks.popleft()
            self._over(ended)
            yield ended.reason
        if status.state == "connected":
            if self._stopped is not None:
                stopped, self._stopped = self._stopped, None
                stopped.end, stopped.kept = max(stopped.start, status.since or stopped.start), kept
                self._gaps.happened(stopped)
        elif self._stopped is not None and not self._told and status.state == "disconnected":
            # It may be stopped again before it was ever connected. What RabbitMQ kept is known only then.
            self._told, self._stopped.kept = True, status.kind == "amqp"
            self._gaps.happened(self._stopped)
        elif link.connections and self._away is None and status.state == "disconnected":
            self._away = Incident("disconnected", status.since or self._looked, None, status.last_error, kept=kept)
            self._gaps.happened(self._away)

    def dropped(self, events: int, now: float) -> None:
        """So many events did not fit since the last look."""
        if events:
            if self._burst is None:
                self._burst = Incident("dropped", max(self._looked, now - BURST), now, "the buffer was full", 0)
            self._burst.events = (self._burst.events or 0) + events
            self._burst.end = self._dropped_at = now
            self._gaps.happened(self._burst)
        elif self._burst is not None and now - self._dropped_at > BURST:
            self._burst = None
        self._looked = now

    def _over(self, ended: Break) -> None:
        """A break is over: the one that is known already, or one that began and ended between two looks."""
        why: Why = "cut-off" if ended.reason == "cut-off" else "disconnected"
        incident, self._away = self._away or Incident(why, ended.since, None), None
        incident.why, incident.start, incident.end = why, ended.since, max(ended.since, ended.until)
        incident.detail, incident.kept = ended.detail, ended.kept
        self._gaps.happened(incident)
