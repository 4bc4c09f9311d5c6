"""As much of PromQL, Grafana's variables and Datadog's queries as it takes to see which series they name."""

import re
from typing import NamedTuple

from tests.monitor.web.queries import DATADOG_NAMES

#: Labels that whoever scrapes adds to every series.
SCRAPERS = frozenset({"job", "namespace", "cluster", "instance", "host", "endpoint"})

_METRIC = re.compile(r"\b((?:flower|celery)_\w+)(?:\{((?:[^{}]|\{\})*)\})?")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPING = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")
_VARIABLE = re.compile(r"label_values\(.*,\s*(\w+)\)$")
_DATADOG = re.compile(r"celery\.flower\.([\w.]+)\{[^}]*\}(?: by \{([^}]*)\})?")


class Named(NamedTuple):
    """A metric that a query names, with the labels that it needs."""

    metric: str
    labels: frozenset[str]


def named(query: str) -> list[Named]:
    """What a query of Prometheus or Grafana names. Labels by which it groups must be those of every metric in it."""
    grouped = {label.strip() for labels in _GROUPING.findall(query) for label in labels.split(",")}
    grouped |= set(_VARIABLE.findall(query))
    found = [
        Named(metric, frozenset({*_MATCHER.findall(selector), *grouped} - SCRAPERS))
        for metric, selector in _METRIC.findall(query)
    ]
    assert found, query
    return found


def named_by_datadog(query: str) -> list[Named]:
    """The same of a query of Datadog, in Prometheus's names."""
    found = [
        Named(DATADOG_NAMES[name], frozenset({*filter(None, labels.split(","))} - SCRAPERS))
        for name, labels in _DATADOG.findall(query)
    ]
    assert found, query
    return found
