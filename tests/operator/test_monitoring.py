"""Alerts and dashboard: they ask for what a monitor has, of one monitor alone."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flower_operator.kinds import CONFIG_MAP, PROMETHEUS_RULE, SERVICE_MONITOR, Kind, Manifest
from flower_operator.resources import integrations
from tests.support import grafana

from .made import monitor

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
ALL: dict[str, Any] = {"serviceMonitor": {}, "prometheusRule": {}, "dashboard": {}}


def made(kind: Kind, **monitoring: Any) -> Manifest:
    return dict(integrations.manifests(monitor(monitoring=ALL | monitoring), "operator"))[kind]


def alerts(**wanted: Any) -> list[Manifest]:
    found: list[Manifest] = made(PROMETHEUS_RULE, prometheusRule=wanted)["spec"]["groups"][0]["rules"]
    return found


def dashboard() -> Manifest:
    (text,) = made(CONFIG_MAP)["data"].values()
    found: Manifest = json.loads(text)
    return found


def expressions() -> list[str]:
    return [alert["expr"] for alert in alerts()] + grafana.queries(dashboard())


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_asks_for_metrics_that_there_are(expression: str) -> None:
    names = re.findall(r"([a-z_]+)\{", expression)
    assert names
    for name in names:
        assert name == "up" or f"`{name.removesuffix('_bucket')}`" in DOCUMENTED


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_asks_for_one_monitor_only(expression: str) -> None:
    selectors = re.findall(r"\{([^{}]*)\}", expression)
    assert selectors
    assert all(one.startswith('namespace="team-a",service="orders-monitor"') for one in selectors)


def test_alerts_have_the_severities_of_the_spec() -> None:
    assert {alert["labels"]["severity"] for alert in alerts()} == {"critical", "warning"}
    given = alerts(severities={"urgent": "page", "other": "ticket"})
    assert {alert["labels"]["severity"] for alert in given} == {"page", "ticket"}


def test_labels_by_which_prometheus_selects_stand_beside_ours() -> None:
    for kind, part in ((PROMETHEUS_RULE, "prometheusRule"), (SERVICE_MONITOR, "serviceMonitor")):
        labels = made(kind, **{part: {"labels": {"release": "prometheus"}}})["metadata"]["labels"]
        assert labels["release"] == "prometheus"
        assert labels["app.kubernetes.io/instance"] == "orders"


def test_metrics_are_scraped_under_the_prefix() -> None:
    subject = monitor(monitoring=ALL, options={"url_prefix": "flower"})
    (endpoint,) = dict(integrations.manifests(subject, "operator"))[SERVICE_MONITOR]["spec"]["endpoints"]
    assert endpoint == {"port": "http", "path": "/flower/metrics"}


def test_panels_do_not_overlap_and_fill_the_grid() -> None:
    cells = grafana.cells(dashboard())
    assert len(set(cells)) == len(cells)
    assert {x for x, _ in cells} == set(range(24))


def test_dashboards_of_two_monitors_have_two_names_and_uids() -> None:
    """Grafana's sidecar has one folder of files, and Grafana one space of uids, of 40 characters at most."""
    first = monitor(monitoring=ALL)
    maps = [
        dict(integrations.manifests(one, "operator"))[CONFIG_MAP]["data"]
        for one in (first, msgspec.structs.replace(first, name="a" * 40))
    ]
    assert len({name for data in maps for name in data}) == 2
    uids = {json.loads(text)["uid"] for data in maps for text in data.values()}
    assert len(uids) == 2
    assert all(len(uid) <= 40 for uid in uids)
