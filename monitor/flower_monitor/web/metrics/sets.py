"""The sets of metrics that are switched on (`--metrics`), put together."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from flower_monitor.config import Config
from flower_monitor.constants import METRIC_SETS
from flower_monitor.store.reader import Reader
from flower_monitor.web.metrics.capping import Capped, capped
from flower_monitor.web.metrics.datadog import DatadogFamilies
from flower_monitor.web.metrics.exporter import ExporterFamilies
from flower_monitor.web.metrics.exposition import Family, labels, render, render_openmetrics, sample
from flower_monitor.web.metrics.flower import FlowerFamilies
from flower_monitor.web.metrics.looks import Looks
from flower_monitor.web.metrics.own import PREFIX, own_families
from flower_monitor.web.metrics.snapshot import Snapshot, Snapshots
from flower_monitor.web.metrics.tasks import TaskFamilies

#: The label `namespace` of celery_tasks_total when the monitor has none: the default of its exporter.
NAMESPACE = "celery"


class Live(NamedTuple):
    """What this process knows and the store does not."""

    streams: int = 0
    """Live streams that are open."""

    looks: Looks = Looks()


class Exposition:
    """/metrics in one of the formats. Remembers the text of the last scrape's series; not thread-safe.

    Args:
        sets: Those of METRIC_SETS that are shown.
        most: Series that each may have.
        namespace: The label of that name in the set `tasks`.
        openmetrics: In OpenMetrics, with exemplars; else in the text format.
    """

    def __init__(self, sets: Iterable[str], most: int, namespace: str, *, openmetrics: bool) -> None:
        self._sets = frozenset(sets)
        self._most = most
        self._openmetrics = openmetrics
        self._snapshots = Snapshots(self._sets, openmetrics=openmetrics)
        self._flower = FlowerFamilies()
        self._datadog = DatadogFamilies()
        self._exporter = ExporterFamilies()
        self._tasks = TaskFamilies(namespace)

    def render(self, reader: Reader, live: Live) -> list[bytes]:
        """The whole answer, in parts. Runs in a thread.

        Args:
            reader: Of the store.
            live: What is not in the store.
        """
        snapshot = self._snapshots.read(reader)
        makers = self._makers(snapshot, live)
        found = {name: capped(makers[name](), self._most) for name in METRIC_SETS if name in self._sets}
        families = [family for one in found.values() for family in one.families]
        families += _sizes(found)
        return render_openmetrics(families) if self._openmetrics else render(families)

    def _makers(self, snapshot: Snapshot, live: Live) -> dict[str, Callable[[], Iterable[Family]]]:
        """What makes the families of each set."""
        return {
            "flower": lambda: self._flower.families(snapshot),
            # In OpenMetrics they are part of Flower's: a family by such a name would clash with it.
            "datadog": lambda: () if self._openmetrics else self._datadog.families(snapshot),
            "exporter": lambda: self._exporter.families(snapshot, live.looks),
            "tasks": lambda: self._tasks.families(snapshot),
            "own": lambda: own_families(snapshot, live.streams),
        }


class Metrics:
    """/metrics in both formats. Used in one thread."""

    def __init__(self, config: Config) -> None:
        namespace = config.namespace or NAMESPACE
        self._text, self._openmetrics = (
            Exposition(config.metrics, config.metrics_max_series, namespace, openmetrics=openmetrics)
            for openmetrics in (False, True)
        )

    def render(self, reader: Reader, live: Live, *, openmetrics: bool) -> list[bytes]:
        """The answer in a format, in parts."""
        return (self._openmetrics if openmetrics else self._text).render(reader, live)


def _sizes(found: dict[str, Capped]) -> Iterator[Family]:
    """What the cap does, whatever sets are shown."""
    shown = {name: one.shown for name, one in found.items()}
    yield _by_set("metrics_series", "Series of this answer, by set", shown)
    cut = {name: one.cut for name, one in found.items()}
    yield _by_set("metrics_series_cut", "Series left out of this answer by --metrics-max-series, by set", cut)


def _by_set(name: str, documentation: str, values: dict[str, int]) -> Family:
    lines = [sample(PREFIX + name, labels(set=key), value) for key, value in values.items()]
    return Family(PREFIX + name, "gauge", documentation, lines)
