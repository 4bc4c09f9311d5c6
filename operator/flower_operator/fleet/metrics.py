"""The fleet's `/metrics`: a view of the roster, made at each scrape, so no series outlives its monitor.

Numbers of a stale monitor are left out: an old number that looks new is worse than a gap, and
`flower_fleet_monitor_stale` says why there is one.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from flower_operator.fleet.clusters import Clusters
from flower_operator.fleet.roster import Entry, Place
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.summary import Summary
from flower_operator.fleet.view import ClusterView, age_of, is_stale

PREFIX = "flower_fleet_"
LABELS = ("namespace", "monitor")

Sample: TypeAlias = tuple[Place, float | None]
Samples: TypeAlias = Iterable[Sample]
Fresh: TypeAlias = Sequence[tuple[Place, Summary]]

GAUGES: tuple[tuple[str, str, Callable[[Summary], float | None]], ...] = (
    ("broker_connected", "1 when the monitor is connected to its broker.", lambda s: s.broker.state == "connected"),
    ("tasks_kept", "Tasks in the monitor's store.", lambda s: s.tasks.kept),
    ("events_per_second", "Events received, over the last minute.", lambda s: s.events.rate),
    ("event_lag_seconds", "From a worker sending an event until the monitor has it.", lambda s: s.events.lag),
    ("events_seen_ratio", "Part of what workers did in the last hour that was seen.", lambda s: s.events.seen),
    ("store_bytes", "Size of the monitor's store.", lambda s: s.store.bytes),
    ("store_free_bytes", "Left on the volume of the monitor's store.", lambda s: s.store.free),
)
COUNTERS: tuple[tuple[str, str, Callable[[Summary], float]], ...] = (
    ("events_received", "Events received.", lambda s: s.events.received),
    ("events_dropped", "Events that did not fit into the buffer.", lambda s: s.events.dropped),
    ("events_invalid", "Messages that were no events.", lambda s: s.events.invalid),
)
"""Counted by the monitor, since its store was made."""


RegistryOf: TypeAlias = Callable[[Sequence[Entry]], CollectorRegistry]
"""Makes the registry of one scrape, of the monitors that may be seen."""


class MonitorsCollector(Collector):
    """The series of some monitors, made when they are scraped."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    @override
    def collect(self) -> Iterator[Metric]:
        now = time.time()
        yield GaugeMetricFamily(PREFIX + "monitors", "FlowerMonitors that may be seen.", len(self._entries))
        yield from of_states(self._entries, now)
        yield from of_summaries(fresh(self._entries, now))


class FleetCollector(Collector):
    """The series of the fleet itself."""

    def __init__(self, clusters: Clusters, feed: Feed) -> None:
        self._clusters = clusters
        self._feed = feed

    @override
    def collect(self) -> Iterator[Metric]:
        now = time.time()
        yield GaugeMetricFamily(PREFIX + "subscribers", "Live streams open.", self._feed.subscribers)
        own = self._clusters.own
        yield from of_clusters(own.watch.listed_at, own.watch.heard_at, self._clusters.views(), now)
        polls = CounterMetricFamily(PREFIX + "polls", "Summaries asked for, by result.", labels=("result",))
        for result, count in own.poller.polls.items():
            polls.add_metric((result,), count)
        yield polls


def of_clusters(
    listed_at: float | None, heard_at: float | None, others: Sequence[ClusterView], now: float
) -> Iterator[Metric]:
    """How fresh what is known of the clusters is: of the fleet's own, and of others."""
    if listed_at is not None:
        text = "Since the last full list of FlowerMonitors."
        yield GaugeMetricFamily(PREFIX + "list_age_seconds", text, now - listed_at)
    text = "Since the API server last said anything of FlowerMonitors, keep-alives included."
    ages = GaugeMetricFamily(PREFIX + "watch_age_seconds", text)
    if heard_at is not None:
        ages.add_sample(ages.name, {}, now - heard_at)
    for other in others:
        if other.heard is not None:
            ages.add_sample(ages.name, {"cluster": str(other.name)}, now - other.heard)
    yield ages
    if others:
        well = GaugeMetricFamily(PREFIX + "cluster_well", "1 when another cluster has no trouble.", labels=("cluster",))
        for other in others:
            well.add_metric((str(other.name),), other.trouble is None)
        yield well


def registries(collector: FleetCollector) -> RegistryOf:
    """Registries with the fleet's and the process's figures beside those of the monitors."""
    process, platform = ProcessCollector(registry=None), PlatformCollector(registry=None)

    def registry_of(entries: Sequence[Entry]) -> CollectorRegistry:
        registry = CollectorRegistry()
        for one in (MonitorsCollector(entries), collector, process, platform):
            registry.register(one)
        return registry

    return registry_of


def fresh(entries: Iterable[Entry], now: float) -> Fresh:
    """The summaries that are not stale."""
    return [
        (entry.place, entry.observation.summary)
        for entry in entries
        if entry.observation.summary is not None and not is_stale(entry, now)
    ]


def of_states(entries: Sequence[Entry], now: float) -> Iterator[Metric]:
    """What holds for every monitor, stale or not."""
    ready = ((entry.place, entry.monitor.ready) for entry in entries)
    yield _gauge("monitor_ready", "1 when Kubernetes says that it is ready.", ready)
    suspended = ((entry.place, entry.monitor.suspended) for entry in entries)
    yield _gauge("monitor_suspended", "1 when scaled to zero on purpose.", suspended)
    stale = ((entry.place, is_stale(entry, now)) for entry in entries)
    yield _gauge("monitor_stale", "1 when its numbers are missing or too old.", stale)
    ages = ((entry.place, age_of(entry, now)) for entry in entries)
    yield _gauge("monitor_age_seconds", "Since the monitor last answered; absent when it never did.", ages)
    yield _info(entries)


def of_summaries(summaries: Fresh) -> Iterator[Metric]:
    """What the monitors say."""
    for name, text, read in GAUGES:
        yield _gauge(name, text, ((place, read(summary)) for place, summary in summaries))
    for name, text, count in COUNTERS:
        family = CounterMetricFamily(PREFIX + name, text, labels=LABELS)
        for place, summary in summaries:
            family.add_sample(f"{PREFIX}{name}_total", _labels(place), count(summary))
        yield family
    workers = ((place, _worker_states(summary)) for place, summary in summaries)
    yield _by_state("workers", "Celery workers by state.", workers)
    tasks = ((place, summary.tasks.states) for place, summary in summaries)
    yield _by_state("tasks", "Tasks in the monitor's store by Celery's state.", tasks)


def _worker_states(summary: Summary) -> dict[str, int]:
    workers = summary.workers
    return {"online": workers.online, "offline": workers.offline, "lost": workers.lost}


def _info(entries: Iterable[Entry]) -> Metric:
    info = GaugeMetricFamily(PREFIX + "monitor_info", "Always 1.", labels=(*LABELS, "version", "broker"))
    for entry in entries:
        summary, monitor = entry.observation.summary, entry.monitor
        version = (summary.monitor.version if summary else None) or monitor.version or ""
        broker = (summary.broker.kind if summary else None) or monitor.broker or ""
        info.add_sample(info.name, _labels(entry.place, version=version, broker=broker), 1)
    return info


def _gauge(name: str, text: str, samples: Samples) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, text, labels=LABELS)
    for place, value in samples:
        if value is not None:
            family.add_sample(family.name, _labels(place), value)
    return family


def _by_state(name: str, text: str, samples: Iterable[tuple[Place, dict[str, int]]]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, text, labels=(*LABELS, "state"))
    for place, counts in samples:
        for state, count in counts.items():
            family.add_sample(family.name, _labels(place, state=state), count)
    return family


def _labels(place: Place, **more: str) -> dict[str, str]:
    """Of one series. One of the fleet's own cluster has no label `cluster`, which to Prometheus is an empty one."""
    cluster = {} if place.cluster is None else {"cluster": place.cluster}
    return {"namespace": place.namespace, "monitor": place.name, **cluster, **more}
