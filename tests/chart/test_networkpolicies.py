"""Who may reach the programs, and whom they may reach."""

from typing import Any

import pytest

from flower_operator.constants import MONITOR_PORT
from flower_operator.resources.metadata import labels
from tests.chart.helm import of_kind, pod_of, template
from tests.operator.made import monitor

ON = ("--set", "networkPolicy.enabled=true")


def policy(component: str, *settings: str) -> Any:
    return of_kind(template(*ON, *settings), "NetworkPolicy", f"flower-flower-operator-{component}")["spec"]


def test_there_is_none_unless_asked_for() -> None:
    assert [m for m in template() if m["kind"] == "NetworkPolicy"] == []
    kinds = [m["kind"] for m in template(*ON, "--set", "fleet.enabled=false")]
    assert kinds.count("NetworkPolicy") == 1


@pytest.mark.parametrize("component", ["controller", "fleet"])
def test_the_port_of_the_program_is_open_and_no_other(component: str) -> None:
    found = policy(component)
    pod = pod_of(template(), component)
    assert found["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    [rule] = found["ingress"]
    assert [port["port"] for port in rule["ports"]] == [pod["spec"]["containers"][0]["ports"][0]["containerPort"]]
    assert "from" not in rule, "everybody, where nobody is named"


@pytest.mark.parametrize(("component", "value"), [("controller", "metricsFrom"), ("fleet", "fleetFrom")])
def test_who_is_named_is_let_in_alone(component: str, value: str) -> None:
    [rule] = policy(component, "--set", f"networkPolicy.{value}[0].podSelector.matchLabels.app=proxy")["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app": "proxy"}}}]


@pytest.mark.parametrize("component", ["controller", "fleet"])
def test_monitors_can_be_reached(component: str) -> None:
    [peer] = [rule["to"][0] for rule in policy(component)["egress"] if rule["ports"][0]["port"] == MONITOR_PORT]
    assert peer["podSelector"]["matchLabels"].items() <= labels(monitor()).items()
    assert peer["namespaceSelector"] == {}


def test_only_monitors_of_the_namespaces_that_are_watched_can_be_reached() -> None:
    [peer] = [rule["to"][0] for rule in policy("fleet", "--set", "watchNamespaces={team-a}")["egress"] if "to" in rule]
    [expression] = peer["namespaceSelector"]["matchExpressions"]
    assert (expression["key"], expression["values"]) == ("kubernetes.io/metadata.name", ["team-a"])


@pytest.mark.parametrize("component", ["controller", "fleet"])
def test_dns_and_the_api_server_can_be_reached_and_nothing_else(component: str) -> None:
    anywhere = [rule["ports"] for rule in policy(component)["egress"] if "to" not in rule]
    assert {port["port"] for ports in anywhere for port in ports} == {53, 5353, 443, 6443}
