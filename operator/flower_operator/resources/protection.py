"""Who may reach the monitor, whom it may reach, and what may move it."""

from typing import Any

from flower_operator import constants
from flower_operator.kinds import DISRUPTION_BUDGET, NETWORK_POLICY, Manifest
from flower_operator.spec import Monitor
from flower_operator.spec.network import DisruptionBudget, NetworkPolicy

from .metadata import child_meta, selector, workload_name

SAME_NAMESPACE: Manifest = {"podSelector": {}}
NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Label that Kubernetes gives each namespace, with its name."""

DNS: Manifest = {"ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]}


def network_policy(monitor: Monitor, wanted: NetworkPolicy, operator_namespace: str) -> Manifest:
    """Render the NetworkPolicy. Controller and fleet ask every monitor, so their namespace is always let in."""
    operator = {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: operator_namespace}}}
    named = [SAME_NAMESPACE] if wanted.allow_from is None else wanted.allow_from
    port = {"protocol": "TCP", "port": constants.MONITOR_PORT}
    spec: dict[str, Any] = {
        "podSelector": {"matchLabels": selector(monitor)},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [operator, *named], "ports": [port]}],
    }
    if wanted.egress is not None:
        spec["policyTypes"] = ["Ingress", "Egress"]
        spec["egress"] = [DNS, *wanted.egress]
    return {
        "apiVersion": NETWORK_POLICY.api_version,
        "kind": NETWORK_POLICY.kind,
        "metadata": child_meta(monitor, workload_name(monitor)),
        "spec": spec,
    }


def disruption_budget(monitor: Monitor, wanted: DisruptionBudget) -> Manifest:
    """Render the PodDisruptionBudget. A pod that is not ready holds up nobody: it monitors nothing."""
    return {
        "apiVersion": DISRUPTION_BUDGET.api_version,
        "kind": DISRUPTION_BUDGET.kind,
        "metadata": child_meta(monitor, workload_name(monitor)),
        "spec": {
            "maxUnavailable": wanted.max_unavailable,
            "selector": {"matchLabels": selector(monitor)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
