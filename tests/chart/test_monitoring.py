"""What Prometheus gets of the operator: its alerts are made to fire over the series that a controller has."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from flower_operator.controller.metrics import Gauges, Metrics
from flower_operator.kinds import DEPLOYMENT, FLOWER_MONITOR
from flower_operator.spec import Key
from tests.chart.helm import of_kind, pod_of, template
from tests.support import grafana
from tests.support.promtool import STEADY, Series, changed, check, judge, scraped

ON = tuple(
    part
    for name in ("podMonitor", "serviceMonitor", "prometheusRule", "dashboard")
    for part in ("--set", f"monitoring.{name}.enabled=true")
)
PODS = ("flower-flower-operator-controller-6f7-a", "flower-flower-operator-controller-6f7-b")
"""Of two replicas, of which the first leads."""


def rules() -> list[Any]:
    [group] = of_kind(template(*ON), "PrometheusRule")["spec"]["groups"]
    found: list[Any] = group["rules"]
    return found


@cache
def series() -> Series:
    """What two quiet controllers have, counted and looked up as the program does it."""
    return {key: values for pod in PODS for key, values in of_pod(pod, leads=pod == PODS[0]).items()}


def of_pod(pod: str, leads: bool) -> Series:
    metrics = Metrics()
    for result in ("ok", "retry", "error"):
        metrics.reconciles.labels(result)
    for status in (200, 403, 500, 0):
        metrics.observe_call("get", "secrets", status, 0.01)
        metrics.observe_call("get", "storageclasses", status, 0.01)
    metrics.events.labels("FlowerMonitor")
    conditions = {Key("team-a", "orders"): CONDITIONS} if leads else {}
    metrics.registry.register(
        Gauges(lambda: leads, lambda: 0, lambda: 0, lambda: conditions, lambda: AGES if leads else {})
    )
    target = {"namespace": "tools", "pod": pod, "container": "controller", "job": "tools/controller"}
    return scraped(generate_latest(metrics.registry).decode(), target)


CONDITIONS = [(kind, status) for kind in ("Ready", "Stalled", "Suspended") for status in ("True", "False")]
"""As of two FlowerMonitors, one of which is ready. The tests say how many there are."""
CONDITION = "flower_operator_conditions"
AGES = {FLOWER_MONITOR: 290.0, DEPLOYMENT: 60.0}
"""As they are at most while all is well: a quiet watch is begun anew after five minutes."""


def quiet() -> Series:
    """All is well: each rate is 0, one FlowerMonitor is ready, and none waits for a person."""
    found = changed(series(), CONDITION, f"0x{STEADY}")
    return changed(found, "flower_operator_reconciles_total", f"0+10x{STEADY}", result="ok")


def with_(name: str, values: str, **labels: str) -> Callable[[], Series]:
    return lambda: changed(quiet(), name, values, **labels)


def without(name: str) -> Callable[[], Series]:
    return lambda: {key: values for key, values in quiet().items() if key[0] != name}


def down() -> Series:
    """Nothing answers: all that is left of the targets is that they are down."""
    return {key: f"0x{STEADY}" for key in quiet() if key[0] == "up"}


def suspended() -> Series:
    found = changed(quiet(), CONDITION, f"1x{STEADY}", type="Ready", status="True")
    return changed(found, CONDITION, f"1x{STEADY}", type="Suspended", status="True")


def calls(code: str, each: int, resource: str = "secrets") -> Callable[[], Series]:
    """A hundred calls that are answered, and some that are not, in each step."""

    def made() -> Series:
        name = "flower_operator_api_calls_total"
        found = changed(quiet(), name, f"0+100x{STEADY}", code="200", resource=resource)
        return changed(found, name, f"0+{each}x{STEADY}", code=code, resource=resource)

    return made


FIRING: dict[str, tuple[Callable[[], Series], str]] = {
    "every replica is down": (down, "FlowerOperatorDown"),
    "no replica is there": (lambda: {}, "FlowerOperatorDown"),
    "nobody leads": (with_("flower_operator_leader", f"0x{STEADY}"), "FlowerOperatorNoLeader"),
    "both lead": (with_("flower_operator_leader", f"1x{STEADY}"), "FlowerOperatorTwoLeaders"),
    "the watch ends every 30 s": (
        with_("flower_operator_watch_failures_total", f"0+1x{STEADY}", pod=PODS[0]),
        "FlowerOperatorWatchFailing",
    ),
    "a watch is deaf": (
        with_("flower_operator_watch_age_seconds", f"0+60x{STEADY}", kind="FlowerMonitor"),
        "FlowerOperatorWatchSilent",
    ),
    "the CRD was not upgraded": (with_("flower_operator_crd_fields_missing", f"3x{STEADY}"), "FlowerOperatorCrdOld"),
    "a third of the reconciles fail": (
        with_("flower_operator_reconciles_total", f"0+5x{STEADY}", result="retry"),
        "FlowerOperatorReconcilesFailing",
    ),
    "defects": (
        with_("flower_operator_reconciles_total", f"0+5x{STEADY}", result="error"),
        "FlowerOperatorReconcilesFailing",
    ),
    "errors of the API server": (calls("500", 20), "FlowerOperatorApiFailing"),
    "no answers of the API server": (calls("0", 20), "FlowerOperatorApiFailing"),
    "a right is gone": (calls("403", 1), "FlowerOperatorRefused"),
    "too much to do": (with_("flower_operator_queue_depth", f"3x{STEADY}", pod=PODS[0]), "FlowerOperatorBehind"),
    "one waits for a person": (
        with_(CONDITION, f"1x{STEADY}", type="Stalled", status="True"),
        "FlowerMonitorsStalled",
    ),
    "one is not ready": (with_(CONDITION, f"1x{STEADY}", type="Ready", status="False"), "FlowerMonitorsNotReady"),
    "one is not ready and another one is suspended": (
        lambda: changed(suspended(), CONDITION, f"1x{STEADY}", type="Ready", status="False"),
        "FlowerMonitorsNotReady",
    ),
}

SILENT: dict[str, Callable[[], Series]] = {
    "all is well": quiet,
    "one replica is down": with_("up", f"0x{STEADY}", pod=PODS[1]),
    "the API server was started anew": with_("flower_operator_watch_failures_total", f"0x40 4x{STEADY}"),
    "a reconcile in a hundred fails": with_("flower_operator_reconciles_total", f"0+0.1x{STEADY}", result="retry"),
    "a call in a hundred fails": calls("500", 1),
    "storage classes are not for the operator": calls("403", 1, "storageclasses"),
    "work comes and goes": with_("flower_operator_queue_depth", "0 5 3 " * (STEADY // 3)),
    "one is suspended": suspended,
    "no FlowerMonitor": without(CONDITION),
}


@pytest.mark.parametrize("case", FIRING)
def test_an_alert_fires_alone(case: str, tmp_path: Path) -> None:
    made, alert = FIRING[case]
    judge(tmp_path, rules(), made(), [alert])


@pytest.mark.parametrize("case", SILENT)
def test_nothing_fires(case: str, tmp_path: Path) -> None:
    judge(tmp_path, rules(), SILENT[case](), [])


def test_nothing_fires_at_once(tmp_path: Path) -> None:
    judge(tmp_path, rules(), with_("flower_operator_leader", f"0x{STEADY}")(), [], at=4)


def test_every_alert_is_made_to_fire() -> None:
    assert {alert for _, alert in FIRING.values()} == {rule["alert"] for rule in rules()}


def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    check(tmp_path, rules())


def test_alerts_have_the_severities_of_the_values() -> None:
    given = template(*ON, "--set", "monitoring.severities.urgent=page", "--set", "monitoring.severities.other=ticket")
    [group] = of_kind(given, "PrometheusRule")["spec"]["groups"]
    assert {rule["labels"]["severity"] for rule in group["rules"]} == {"page", "ticket"}
    assert {rule["labels"]["severity"] for rule in rules()} == {"critical", "warning"}


@pytest.mark.parametrize(
    ("kind", "component", "endpoints"),
    [("PodMonitor", "controller", "podMetricsEndpoints"), ("ServiceMonitor", "fleet", "endpoints")],
)
def test_what_is_scraped_is_the_component_at_its_port(kind: str, component: str, endpoints: str) -> None:
    spec = of_kind(template(*ON), kind)["spec"]
    pod = pod_of(template(*ON), component)
    assert spec["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    [endpoint] = spec[endpoints]
    assert (endpoint["port"], endpoint["path"]) == (pod["spec"]["containers"][0]["ports"][0]["name"], "/metrics")


def test_the_fleet_is_scraped_with_its_own_login() -> None:
    [endpoint] = of_kind(template(*ON), "ServiceMonitor")["spec"]["endpoints"]
    assert {one["name"] for one in endpoint["basicAuth"].values()} == {"flower-operator-fleet"}


def test_without_a_fleet_there_is_none_to_scrape() -> None:
    rendered = template(*ON, "--set", "fleet.enabled=false")
    assert [m["kind"] for m in rendered if "Monitor" in m["kind"]] == ["PodMonitor"]


def test_prometheus_selects_them_by_labels() -> None:
    rendered = template(*ON, "--set", "monitoring.labels.release=prometheus")
    labels = {m["kind"]: m["metadata"]["labels"] for m in rendered if m["apiVersion"] == "monitoring.coreos.com/v1"}
    assert {kind: one.get("release") for kind, one in labels.items()} == dict.fromkeys(
        ("PodMonitor", "PrometheusRule", "ServiceMonitor"), "prometheus"
    )


# The dashboard.


def dashboard(*settings: str) -> Any:
    found = of_kind(template(*ON, *settings), "ConfigMap")
    [(name, content)] = found["data"].items()
    assert name == "flower-operator-tools-flower-flower-operator.json"
    return json.loads(content)


def queries() -> list[str]:
    return grafana.queries(dashboard())


def test_prometheus_takes_every_query_of_the_dashboard(tmp_path: Path) -> None:
    asked = [query.replace("$__rate_interval", "5m") for query in queries()]
    check(tmp_path, [{"record": f"query:{number}", "expr": query} for number, query in enumerate(asked)])


def test_the_dashboard_asks_for_series_that_there_are() -> None:
    had = {name for name, _ in series()}
    asked = {name for query in queries() for name in re.findall(r"flower_operator_\w+", query)}
    assert asked <= had
    counted = {name for name in had if name.startswith("flower_operator_") and not name.endswith(UNASKED)}
    assert counted <= asked, "every metric has a panel"


UNASKED = ("_created", "_sum", "_count")
"""Parts of a metric that no panel needs."""


def test_the_dashboard_asks_for_series_of_this_release_alone() -> None:
    ours = 'namespace="tools",pod=~"flower-flower-operator-controller-.+"'
    fleet = 'service="flower-flower-operator-fleet"'
    selectors = [inside for query in queries() for inside in re.findall(r"{([^}]*)}", query)]
    assert selectors
    assert all(ours in selector or selector == fleet for selector in selectors)


def test_panels_do_not_overlap() -> None:
    taken = grafana.cells(dashboard())
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def test_grafanas_sidecar_finds_it() -> None:
    settings = ("--set", "monitoring.dashboard.annotations.grafana_folder=Celery")
    found = of_kind(template(*ON, *settings), "ConfigMap")["metadata"]
    assert found["labels"]["grafana_dashboard"] == "1"
    assert found["annotations"] == {"grafana_folder": "Celery"}


def test_dashboards_of_two_releases_are_two() -> None:
    other = of_kind(template(*ON, release="other"), "ConfigMap")
    [content] = other["data"].values()
    assert json.loads(content)["uid"] != dashboard()["uid"]
