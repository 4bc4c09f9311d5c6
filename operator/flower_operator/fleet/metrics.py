"""The fleet's `/metrics`: a view of the roster, made at each scrape, so no series outlives its monitor.

Numbers of a stale monitor are left out: an old number that looks new is worse than a gap, and
`flower_fleet_monitor_stale` says why there is one.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from flower_operator.fleet.exposition import Family, labels, render, sample
from flower_operator.fleet.poll import Poller
from flower_operator.fleet.roster import Entry
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.summary import Summary
from flower_operator.fleet.view import age_of, is_stale
from flower_operator.fleet.watches import Watches

PREFIX = "flower_fleet_"

Samples: TypeAlias = Iterable[tuple[str, float | None]]
"""Labels of a monitor, as text that is made once for all its series, and a value; None: there is none."""
Labelled: TypeAlias = Sequence[tuple[str, Entry]]
Fresh: TypeAlias = Sequence[tuple[str, Summary]]

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


Scrape: TypeAlias = Callable[[Sequence[Entry], str], tuple[bytes, str]]
"""Makes the answer to a scrape, and its content type, of the monitors that may be seen and the Accept header."""


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


def scraping(collector: Collector) -> Scrape:
    """Scrapes with the fleet's and the process's figures behind those of the monitors."""
    registry = CollectorRegistry()
    for one in (collector, ProcessCollector(registry=None), PlatformCollector(registry=None)):
        registry.register(one)

    def scrape(entries: Sequence[Entry], accept: str) -> tuple[bytes, str]:
        encode, media_type = choose_encoder(accept)
        openmetrics = media_type.startswith("application/openmetrics-text")
        return render(of_monitors(entries, time.time()), openmetrics) + encode(registry), media_type

    return scrape


def of_monitors(entries: Sequence[Entry], now: float) -> Iterator[Family]:
    """The series of some monitors."""
    labelled = [(_labels(entry), entry) for entry in entries]
    yield _gauge("monitors", "FlowerMonitors that may be seen.", [("", len(entries))])
    yield from of_states(labelled, now)
    yield from of_summaries(fresh(labelled, now))


def _labels(entry: Entry) -> str:
    key = entry.monitor.key
    return labels({"monitor": key.name, "namespace": key.namespace})


def fresh(entries: Labelled, now: float) -> Fresh:
    """The summaries that are not stale."""
    return [
        (text, entry.observation.summary)
        for text, entry in entries
        if entry.observation.summary is not None and not is_stale(entry, now)
    ]


def of_states(entries: Labelled, now: float) -> Iterator[Family]:
    """What holds for every monitor, stale or not."""
    monitors = [(text, entry.monitor) for text, entry in entries]
    yield _gauge("monitor_ready", "1 when Kubernetes says that it is ready.", ((text, m.ready) for text, m in monitors))
    yield _gauge(
        "monitor_suspended", "1 when scaled to zero on purpose.", ((text, m.suspended) for text, m in monitors)
    )
    stale = ((text, is_stale(entry, now)) for text, entry in entries)
    yield _gauge("monitor_stale", "1 when its numbers are missing or too old.", stale)
    ages = ((text, age_of(entry, now)) for text, entry in entries)
    yield _gauge("monitor_age_seconds", "Since the monitor last answered; absent when it never did.", ages)
    yield _gauge("monitor_info", "Always 1.", ((f"{text},{_info(entry)}", 1) for text, entry in entries))


def of_summaries(summaries: Fresh) -> Iterator[Family]:
    """What the monitors say."""
    for name, text, read in GAUGES:
        yield _gauge(name, text, ((labels, read(summary)) for labels, summary in summaries))
    for name, text, count in COUNTERS:
        full = f"{PREFIX}{name}_total"
        yield Family(full, "counter", text, [sample(full, labels, count(summary)) for labels, summary in summaries])
    yield _gauge("workers", "Celery workers by state.", _by_state(summaries, _worker_states))
    yield _gauge("tasks", "Tasks in the monitor's store by Celery's state.", _by_state(summaries, _task_states))


def _worker_states(summary: Summary) -> dict[str, int]:
    workers = summary.workers
    return {"online": workers.online, "offline": workers.offline, "lost": workers.lost}


def _task_states(summary: Summary) -> dict[str, int]:
    return summary.tasks.states


def _by_state(summaries: Fresh, states: Callable[[Summary], dict[str, int]]) -> Samples:
    """A sample for each state; its label is made for each, as a monitor may say anything."""
    for text, summary in summaries:
        for state, count in states(summary).items():
            yield f"{text},{labels({'state': state})}", count


def _info(entry: Entry) -> str:
    summary, monitor = entry.observation.summary, entry.monitor
    version = (summary.monitor.version if summary else None) or monitor.version or ""
    broker = (summary.broker.kind if summary else None) or monitor.broker or ""
    return labels({"version": version, "broker": broker})


def _gauge(name: str, text: str, samples: Samples) -> Family:
    full = PREFIX + name
    return Family(full, "gauge", text, [sample(full, labels, value) for labels, value in samples if value is not None])
