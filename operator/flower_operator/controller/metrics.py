"""The controller's own metrics. Counters of what happened; gauges are looked up when somebody asks."""

from collections import Counter as Count
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from flower_operator.kinds import Kind
from flower_operator.spec import Key

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds; a reconcile that writes nothing takes 20 ms, one that writes all children 200."""

PREFIX = "flower_operator_"


class Metrics:
    """What the other modules count. One registry a process, made by `app`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.reconciles = Counter(
            f"{PREFIX}reconciles", "Reconciles by how they ended", ["result"], registry=self.registry
        )
        self.durations = Histogram(
            f"{PREFIX}reconcile_duration_seconds", "Time that a reconcile took", buckets=BUCKETS, registry=self.registry
        )
        self.calls = Counter(
            f"{PREFIX}api_calls",
            "Calls to the Kubernetes API server; code 0: no answer",
            ["verb", "resource", "code"],
            registry=self.registry,
        )
        self.call_durations = Histogram(
            f"{PREFIX}api_call_duration_seconds",
            "Time that a call took",
            ["verb"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.events = Counter(
            f"{PREFIX}watch_events", "Events that woke the queue, by kind", ["kind"], registry=self.registry
        )
        self.watch_failures = Counter(
            f"{PREFIX}watch_failures", "Ends of the watch by an error; it began anew", registry=self.registry
        )
        self.crd_fields_missing = Gauge(
            f"{PREFIX}crd_fields_missing", "Fields that the CRD lacked at the start", registry=self.registry
        )
        self.status_writes = Counter(f"{PREFIX}status_writes", "Statuses written", registry=self.registry)
        self.costs = Counter(
            f"{PREFIX}pod_deletion_costs",
            "Deletion costs of workers' pods by what became of them: set, removed, left to others or gone, refused",
            ["result"],
            registry=self.registry,
        )

    def count_cost(self, result: str) -> None:
        """Count what became of a pod's deletion cost (`costs.Count`)."""
        self.costs.labels(result).inc()

    def observe_call(self, verb: str, plural: str, status: int, seconds: float) -> None:
        """Count a call to the API server (`kube.Observe`)."""
        self.calls.labels(verb, plural, str(status)).inc()
        self.call_durations.labels(verb).observe(seconds)


class Gauges(Collector):
    """What is looked up on each scrape."""

    def __init__(
        self,
        leading: Callable[[], bool],
        depth: Callable[[], int],
        working: Callable[[], int],
        conditions: Callable[[], Mapping[Key, Iterable[tuple[str, str]]]],
        watches: Callable[[], Mapping[Kind, float]],
    ) -> None:
        """`conditions`: type and status of each. `watches`: seconds since each kind's gave a sign."""
        self._leading = leading
        self._depth = depth
        self._working = working
        self._conditions = conditions
        self._watches = watches

    @override
    def collect(self) -> Iterable[Metric]:
        yield _gauge("leader", "1 on the replica that holds the Lease", float(self._leading()))
        yield _gauge("queue_depth", "FlowerMonitors that wait for a worker", self._depth())
        yield _gauge("workers_busy", "Reconciles under way", self._working())
        conditions = self._conditions()
        yield _gauge("monitors", "FlowerMonitors that are known", len(conditions))
        family = GaugeMetricFamily(
            f"{PREFIX}conditions", "FlowerMonitors by condition and its status", labels=["type", "status"]
        )
        count = Count(one for made in conditions.values() for one in made)
        for (kind, status), number in sorted(count.items()):
            family.add_metric([kind, status], number)
        yield family
        text = "Time since the watch of a kind last told or was answered anything, of several namespaces the longest"
        ages = GaugeMetricFamily(f"{PREFIX}watch_age_seconds", text, labels=["kind"])
        for watched, age in self._watches().items():
            ages.add_metric([watched.kind], age)
        yield ages


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}{name}", text, value=value)
