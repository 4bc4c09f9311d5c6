"""What joins the monitor to the rest of the cluster. None of it is needed for the monitor itself to run. Pure."""

from collections.abc import Iterator
from typing import Final

from flower_operator.kinds import (
    CONFIG_MAP,
    DISRUPTION_BUDGET,
    HTTP_ROUTE,
    INGRESS,
    NETWORK_POLICY,
    PROMETHEUS_RULE,
    SCALED_OBJECT,
    SERVICE_MONITOR,
    TRIGGER_AUTHENTICATION,
    Kind,
    Manifest,
)
from flower_operator.spec import Monitor
from flower_operator.spec.monitoring import Monitoring, PrometheusRule

from . import autoscaling, exposure, monitoring, protection
from .metadata import dashboard_name, pods_name, policies_name, scaler_name, workload_name

KINDS: Final = (
    NETWORK_POLICY,
    INGRESS,
    HTTP_ROUTE,
    DISRUPTION_BUDGET,
    SERVICE_MONITOR,
    PROMETHEUS_RULE,
    CONFIG_MAP,
    TRIGGER_AUTHENTICATION,
    SCALED_OBJECT,
)
"""All of them."""

OPTIONAL: Final = (HTTP_ROUTE, SERVICE_MONITOR, PROMETHEUS_RULE, TRIGGER_AUTHENTICATION, SCALED_OBJECT)
"""Those whose API a cluster need not have."""

FIELDS: Final = {
    HTTP_ROUTE: "spec.httpRoute",
    SERVICE_MONITOR: "spec.monitoring.serviceMonitor",
    PROMETHEUS_RULE: "spec.monitoring.prometheusRule",
    TRIGGER_AUTHENTICATION: "spec.autoscaling.keda",
    SCALED_OBJECT: "spec.autoscaling.keda",
}
"""Field that asks for an optional one."""


def names(monitor: Monitor) -> list[tuple[Kind, str]]:
    """Kind and name of those that the spec asks for."""
    spec, metrics = monitor.spec, monitor.spec.monitoring
    asked = {
        NETWORK_POLICY: spec.network_policy,
        INGRESS: spec.ingress,
        HTTP_ROUTE: spec.http_route,
        DISRUPTION_BUDGET: spec.pod_disruption_budget,
        SERVICE_MONITOR: metrics and metrics.service_monitor,
        PROMETHEUS_RULE: metrics and _rule(monitor, metrics),
        CONFIG_MAP: metrics and metrics.dashboard,
    }
    name = workload_name(monitor)
    found = [
        (kind, dashboard_name(monitor) if kind is CONFIG_MAP else name)
        for kind, wanted in asked.items()
        if wanted is not None
    ]
    fates = [(CONFIG_MAP, pods_name(monitor))] if spec.worker_pods else []
    return [*found, *_scaling_names(monitor), *fates]


def _scaling_names(monitor: Monitor) -> Iterator[tuple[Kind, str]]:
    wanted = monitor.spec.autoscaling
    if wanted is None:
        return
    if wanted.pools:
        yield CONFIG_MAP, policies_name(monitor)
    if wanted.keda:
        yield TRIGGER_AUTHENTICATION, workload_name(monitor)
    yield from ((SCALED_OBJECT, scaler_name(monitor, one)) for one in wanted.keda)


def _rule(monitor: Monitor, wanted: Monitoring) -> PrometheusRule | None:
    """None while the monitor is suspended: that it does not answer must wake nobody."""
    return None if monitor.spec.suspend else wanted.prometheus_rule


def manifests(monitor: Monitor, operator_namespace: str) -> Iterator[tuple[Kind, Manifest]]:
    """Render them. The NetworkPolicy is first: it should be there before the pod is."""
    spec = monitor.spec
    if spec.network_policy is not None:
        yield NETWORK_POLICY, protection.network_policy(monitor, spec.network_policy, operator_namespace)
    if spec.ingress is not None:
        yield INGRESS, exposure.ingress(monitor, spec.ingress)
    if spec.http_route is not None:
        yield HTTP_ROUTE, exposure.http_route(monitor, spec.http_route)
    if spec.pod_disruption_budget is not None:
        yield DISRUPTION_BUDGET, protection.disruption_budget(monitor, spec.pod_disruption_budget)
    yield from _monitoring(monitor)
    yield from _scaling(monitor)


def _monitoring(monitor: Monitor) -> Iterator[tuple[Kind, Manifest]]:
    wanted = monitor.spec.monitoring
    if wanted is None:
        return
    if wanted.service_monitor is not None:
        yield SERVICE_MONITOR, monitoring.service_monitor(monitor, wanted.service_monitor)
    if (rule := _rule(monitor, wanted)) is not None:
        yield PROMETHEUS_RULE, monitoring.prometheus_rule(monitor, rule)
    if wanted.dashboard is not None:
        yield CONFIG_MAP, monitoring.dashboard_map(monitor, wanted.dashboard)


def _scaling(monitor: Monitor) -> Iterator[tuple[Kind, Manifest]]:
    """What logs KEDA in is before what needs it."""
    wanted = monitor.spec.autoscaling
    if wanted is None:
        return
    if wanted.pools:
        yield CONFIG_MAP, autoscaling.policies_map(monitor, wanted)
    if wanted.keda:
        yield TRIGGER_AUTHENTICATION, autoscaling.trigger_authentication(monitor)
    yield from ((SCALED_OBJECT, autoscaling.scaled_object(monitor, one)) for one in wanted.keda)
