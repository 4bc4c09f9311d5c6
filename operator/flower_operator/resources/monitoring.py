"""What the Prometheus operator and Grafana's sidecar are given."""

import hashlib
import json

from flower_operator import constants
from flower_operator.kinds import CONFIG_MAP, PROMETHEUS_RULE, SERVICE_MONITOR, Manifest
from flower_operator.spec import Monitor
from flower_operator.spec.monitoring import Dashboard, PrometheusRule, ServiceMonitor

from . import alerts, dashboard
from .metadata import child_meta, dashboard_name, labels, selector, workload_name


def service_monitor(monitor: Monitor, wanted: ServiceMonitor) -> Manifest:
    """Render the ServiceMonitor. `/metrics` needs no login and shows nothing of what tasks hold."""
    endpoint = {"port": constants.PORT_NAME, "path": f"{monitor.spec.options.prefix}/metrics"}
    times = {"interval": wanted.interval, "scrapeTimeout": wanted.scrape_timeout}
    endpoint |= {name: value for name, value in times.items() if value is not None}
    return {
        "apiVersion": SERVICE_MONITOR.api_version,
        "kind": SERVICE_MONITOR.kind,
        "metadata": _labelled(monitor, workload_name(monitor), wanted.labels),
        "spec": {"selector": {"matchLabels": selector(monitor)}, "endpoints": [endpoint]},
    }


def prometheus_rule(monitor: Monitor, wanted: PrometheusRule) -> Manifest:
    """Render the PrometheusRule."""
    severities = wanted.severities
    urgent = (severities and severities.urgent) or "critical"
    other = (severities and severities.other) or "warning"
    rules = alerts.rules(matchers(monitor), f"{monitor.namespace}/{monitor.name}", urgent, other)
    return {
        "apiVersion": PROMETHEUS_RULE.api_version,
        "kind": PROMETHEUS_RULE.kind,
        "metadata": _labelled(monitor, workload_name(monitor), wanted.labels),
        "spec": {"groups": [{"name": f"flower-monitor-{monitor.namespace}-{monitor.name}", "rules": rules}]},
    }


def dashboard_map(monitor: Monitor, wanted: Dashboard) -> Manifest:
    """Render the ConfigMap with the dashboard. The sidecar has one folder: the file's name is this monitor's alone."""
    title = f"Celery {monitor.namespace}/{monitor.name}"
    uid = hashlib.sha256(title.encode()).hexdigest()[:16]
    text = json.dumps(dashboard.dashboard(matchers(monitor), title, uid), indent=1)
    metadata = _labelled(monitor, dashboard_name(monitor), wanted.labels)
    return {
        "apiVersion": CONFIG_MAP.api_version,
        "kind": CONFIG_MAP.kind,
        "metadata": metadata | {"annotations": dict(wanted.annotations)},
        "data": {f"flower-monitor-{monitor.namespace}-{monitor.name}.json": text},
    }


def matchers(monitor: Monitor) -> str:
    """What selects this monitor's series: labels that the Prometheus operator gives to those of a ServiceMonitor."""
    return f'namespace="{monitor.namespace}",service="{workload_name(monitor)}"'


def _labelled(monitor: Monitor, name: str, further: dict[str, str]) -> Manifest:
    return child_meta(monitor, name) | {"labels": {**further, **labels(monitor)}}
