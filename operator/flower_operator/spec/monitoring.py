"""What Prometheus and Grafana get."""

import msgspec

from .part import Part


class Metrics(Part, frozen=True, rename="camel"):
    sets: list[str] = []
    max_series: int | None = None


class ServiceMonitor(Part, frozen=True, rename="camel"):
    interval: str | None = None
    scrape_timeout: str | None = None
    labels: dict[str, str] = {}


class Severities(Part, frozen=True, rename="camel"):
    urgent: str | None = None
    other: str | None = None


class PrometheusRule(Part, frozen=True, rename="camel"):
    labels: dict[str, str] = {}
    severities: Severities | None = None


def _found_by_the_sidecar() -> dict[str, str]:
    return {"grafana_dashboard": "1"}


class Dashboard(Part, frozen=True, rename="camel"):
    labels: dict[str, str] = msgspec.field(default_factory=_found_by_the_sidecar)
    annotations: dict[str, str] = {}


class Monitoring(Part, frozen=True, rename="camel"):
    metrics: Metrics | None = None
    service_monitor: ServiceMonitor | None = None
    prometheus_rule: PrometheusRule | None = None
    dashboard: Dashboard | None = None
