"""What the API says of a monitor. Pure; these types are also the source of the OpenAPI document."""

from typing import Annotated

import msgspec

from flower_operator.fleet.backlog import BacklogView, backlog_of
from flower_operator.fleet.roster import Entry, Place

STALE_AFTER = 15.0
"""Age in seconds from which an answer is stale: three polls missed."""

SummaryJson = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "object"})]


class BrokerView(msgspec.Struct):
    """A monitor's broker: as the monitor says, or, of one that never answered, as the controller says (no state)."""

    kind: str | None
    state: str | None
    url: str | None


class ObservedView(msgspec.Struct):
    """How good `summary` is."""

    at: float | None
    """When the monitor last answered, epoch seconds; null: never."""
    age: float | None
    """Seconds since then."""
    stale: bool
    """The numbers are too old to be relied on, or there are none though there should be."""
    error: str | None
    """Why the latest try failed."""


class MonitorView(msgspec.Struct):
    """One monitor of the fleet."""

    cluster: str | None
    """Which other cluster it is of; null: the fleet's own."""
    namespace: str
    name: str
    ready: bool
    reason: str
    message: str
    suspended: bool
    broker: BrokerView | None
    version: str | None
    url: str | None
    observed: ObservedView
    backlog: BacklogView
    summary: SummaryJson | None
    """The monitor's own `/api/v1/summary`, as it came."""


class ClusterView(msgspec.Struct):
    """A cluster: the fleet's own, or another."""

    name: str | None
    """Null: the fleet's own, to which nobody gave a name."""
    heard: float | None
    """When its API server last said anything of FlowerMonitors, epoch seconds; null: never yet."""
    trouble: str | None
    """Why the list of monitors may be out of date."""


class MonitorList(msgspec.Struct):
    """All monitors by namespace and name."""

    items: list[MonitorView]
    """Those of the fleet's own cluster first."""
    cluster: ClusterView
    """The fleet's own."""
    clusters: list[ClusterView] = []
    """The others, by name."""


class MonitorRef(msgspec.Struct):
    """Which monitor."""

    cluster: str | None
    """Null: of the fleet's own cluster."""
    namespace: str
    name: str


class MonitorsDelta(msgspec.Struct):
    """Data of a `monitors` event: what changed since the one before, or everything when `full`."""

    full: bool
    items: list[MonitorView]
    removed: list[MonitorRef]
    cluster: ClusterView
    clusters: list[ClusterView] = []


def is_stale(entry: Entry, now: float) -> bool:
    """Whether numbers are missing or too old. A suspended monitor owes none."""
    if entry.monitor.suspended:
        return False
    at = entry.observation.at
    return at is None or now - at > STALE_AFTER


def age_of(entry: Entry, now: float) -> float | None:
    """Seconds since the monitor answered; never negative, even when the clock was set back."""
    at = entry.observation.at
    return None if at is None else max(0.0, now - at)


def view_of(entry: Entry, now: float) -> MonitorView:
    """One monitor as the API shows it at `now`."""
    monitor, observation = entry.monitor, entry.observation
    summary = observation.summary
    age = age_of(entry, now)
    return MonitorView(
        cluster=entry.cluster,
        namespace=monitor.key.namespace,
        name=monitor.key.name,
        ready=monitor.ready,
        reason=monitor.reason,
        message=monitor.message,
        suspended=monitor.suspended,
        broker=_broker(entry),
        version=(summary.monitor.version if summary else None) or monitor.version,
        url=monitor.url,
        observed=ObservedView(
            at=observation.at,
            age=None if age is None else round(age, 1),
            stale=is_stale(entry, now),
            error=observation.error,
        ),
        backlog=backlog_of(entry),
        summary=None if observation.body is None else msgspec.Raw(observation.body),
    )


def ref_of(place: Place) -> MonitorRef:
    return MonitorRef(*place)


def _broker(entry: Entry) -> BrokerView | None:
    summary = entry.observation.summary
    if summary is not None:
        broker = summary.broker
        return BrokerView(broker.kind or entry.monitor.broker, broker.state, broker.url)
    if entry.monitor.broker is not None:
        return BrokerView(entry.monitor.broker, None, entry.monitor.broker_url)
    return None
