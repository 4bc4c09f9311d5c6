"""Scrapes of a store without a server, read by Prometheus's own library."""

from collections.abc import Collection
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from flower_monitor.constants import METRIC_SETS
from flower_monitor.store.reader import Reader
from flower_monitor.web.metrics.looks import Looks
from flower_monitor.web.metrics.sets import Exposition, Live

#: Labels in alphabetical order -> value.
Values = dict[tuple[str, ...], float]

#: Nobody has looked at the broker.
NOTHING = Looks()


def text_of(
    store: Path,
    sets: Collection[str] = METRIC_SETS,
    *,
    most: int = 100_000,
    openmetrics: bool = False,
    looks: Looks = NOTHING,
) -> str:
    """What /metrics answers."""
    reader = Reader(store)
    try:
        parts = Exposition(sets, most, "celery", openmetrics=openmetrics).render(reader, Live(looks=looks))
        return b"".join(parts).decode()
    finally:
        reader.close()


def families(text: str) -> dict[str, Metric]:
    """The families of either format, by name; a counter's without its _total."""
    parse = parse_openmetrics if text.endswith("# EOF\n") else parse_text
    return {family.name: family for family in parse(text)}


def scrape(store: Path, *sets: str, most: int = 100_000, openmetrics: bool = False) -> dict[str, Metric]:
    """The families of some sets; of all, when none is named."""
    return families(text_of(store, sets or METRIC_SETS, most=most, openmetrics=openmetrics))


def values(family: Metric, suffix: str = "") -> Values:
    """Values by labels, these in alphabetical order."""
    return {
        tuple(one.labels[label] for label in sorted(one.labels)): one.value
        for one in family.samples
        if one.name == family.name + suffix
    }
