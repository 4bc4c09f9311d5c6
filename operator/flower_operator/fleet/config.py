"""Settings of the fleet. Each is an option of `flower-operator fleet` and a variable `FLOWER_FLEET_<OPTION>`."""

from dataclasses import dataclass
from string import Formatter
from urllib.parse import urlsplit

from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.rights import Role

MONITOR_URL = "http://{name}-monitor.{namespace}.svc:{port}"
"""Where a monitor's Service is, seen from inside the cluster."""


@dataclass(frozen=True, slots=True)
class Config:
    """How one fleet runs."""

    operator_namespace: str
    """Namespace of Secret flower-operator-fleet. Default: the pod's own."""
    address: str = ""
    """Address to listen on. Default empty, as Flower's: all, IPv4 and IPv6. Safe: nobody gets in without a login."""
    port: int = 8080
    """Port to listen on."""
    namespaces: tuple[str, ...] = ()
    """Namespaces whose FlowerMonitors are shown. Default none named: all of the cluster."""
    monitor_url_template: str = MONITOR_URL
    """Address of a monitor, made of {name}, {namespace} and {port}. Change it to reach monitors from outside."""
    cluster_name: str | None = None
    """What the page calls the cluster. Default None: Kubernetes gives clusters no name, so none is shown."""
    password_role: Role = Role.VIEWER
    """What the password of Secret flower-operator-fleet makes its owner in every monitor. Default viewer: it is no
    person's, so an audit could not say who it was."""
    other_clusters: bool = False
    """Whether the clusters are shown, too, to which Secrets of `operator_namespace` have a kubeconfig. Default no: it
    takes the right to list the Secrets there."""


def monitor_url(template: str, monitor: Monitor) -> str:
    """Where a monitor is, its URL prefix with it, without a slash at the end."""
    service = template.format(name=monitor.key.name, namespace=monitor.key.namespace, port=monitor.port).rstrip("/")
    return f"{service}{monitor.prefix}"


def summary_url(template: str, monitor: Monitor) -> str:
    """Where to ask a monitor for its summary."""
    return f"{monitor_url(template, monitor)}/api/v1/summary"


def check_template(template: str) -> str:
    """Refuse a template that can't give addresses; ValueError says what is wrong with it."""
    for _, field, _, _ in Formatter().parse(template):
        if field not in (None, "name", "namespace", "port"):
            raise ValueError(f"unknown field {{{field}}}; known are {{name}}, {{namespace}} and {{port}}")
    url = urlsplit(template.format(name="n", namespace="s", port=1))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"{template!r} is no http:// or https:// address")
    return template
