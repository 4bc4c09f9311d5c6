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

from flower_operator.fleet.poll import Poller
from flower_operator.fleet.roster import Entry
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.summary import Summary
from flower_operator.fleet.view import age_of, is_stale
from flower_operator.fleet.watches import Watches
from flower_operator.spec import Key

PREFIX = "flower_fleet_"
LABELS = ("namespace", "monitor")

Sample: TypeAlias = tuple[Key, float | None]
Samples: TypeAlias = Iterable[Sample]
Fresh: TypeAlias = Sequence[tuple[Key, Summary]]

GAUGES: tuple[tuple[str, str, Callable[[Summary], float | None]], ...] = (
    ("broker_connected", "1 when the monitor is connected to its broker.", lambda s: s.broker.state == "connected"),
    ("tasks_kept", "Tasks in the monitor's store.", lambda s: s.tasks.kept),
    ("events_per_second", "Events received, over the last minute.", lambda s: s.events.rate),
    ("event_lag_seconds", "From a worker sending an event until the monitor has it.", lambda s: s.events.lag),
    ("events_seen_ratio", "Part of what workers did in the last hour that was seen.", lambda s: s.events.seen),
    ("store_bytes", "Size of the monitor's store.", lambda s: s.store.bytes),
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

    def __init__(self, watch: Watches, poller: Poller, feed: Feed) -> None:
        self._watch = watch
        self._poller = poller
        self._feed = feed

    @override
    def collect(self) -> Iterator[Metric]:
        now = time.time()
        yield GaugeMetricFamily(PREFIX + "subscribers", "Live streams open.", self._feed.subscribers)
        if self._watch.listed_at is not None:
            text = "Since the last full list of FlowerMonitors."
            yield GaugeMetricFamily(PREFIX + "list_age_seconds", text, now - self._watch.listed_at)
        if self._watch.heard_at is not None:
            text = "Since the API server last said anything of FlowerMonitors, keep-alives included."
            yield GaugeMetricFamily(PREFIX + "watch_age_seconds", text, now - self._watch.heard_at)
        polls = CounterMetricFamily(PREFIX + "polls", "Summaries asked for, by result.", labels=("result",))
        for result, count in self._poller.polls.items():
            polls.add_metric((result,), count)
        yield polls


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
        (entry.monitor.key, entry.observation.summary)
        for entry in entries
        if entry.observation.summary is not None and not is_stale(entry, now)
    ]


def of_states(entries: Sequence[Entry], now: float) -> Iterator[Metric]:
    """What holds for every monitor, stale or not."""
    monitors = [entry.monitor for entry in entries]
    yield _gauge("monitor_ready", "1 when Kubernetes says that it is ready.", ((m.key, m.ready) for m in monitors))
    yield _gauge("monitor_suspended", "1 when scaled to zero on purpose.", ((m.key, m.suspended) for m in monitors))
    stale = ((entry.monitor.key, is_stale(entry, now)) for entry in entries)
    yield _gauge("monitor_stale", "1 when its numbers are missing or too old.", stale)
    ages = ((entry.monitor.key, age_of(entry, now)) for entry in entries)
    yield _gauge("monitor_age_seconds", "Since the monitor last answered; absent when it never did.", ages)
    yield _info(entries)


def of_summaries(summaries: Fresh) -> Iterator[Metric]:
    """What the monitors say."""
    for name, text, read in GAUGES:
        yield _gauge(name, text, ((key, read(summary)) for key, summary in summaries))
    for name, text, count in COUNTERS:
        family = CounterMetricFamily(PREFIX + name, text, labels=LABELS)
        for key, summary in summaries:
            family.add_metric(key, count(summary))
        yield family
    workers = ((key, _worker_states(summary)) for key, summary in summaries)
    yield _by_state("workers", "Celery workers by state.", workers)
    tasks = ((key, summary.tasks.states) for key, summary in summaries)
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
        info.add_metric((*monitor.key, version, broker), 1)
    return info


def _gauge(name: str, text: str, samples: Samples) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, text, labels=LABELS)
    for key, value in samples:
        if value is not None:
            family.add_metric(key, value)
    return family


def _by_state(name: str, text: str, samples: Iterable[tuple[Key, dict[str, int]]]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, text, labels=(*LABELS, "state"))
    for key, counts in samples:
        for state, count in counts.items():
            family.add_metric((*key, state), count)
    return family
