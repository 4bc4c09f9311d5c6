"""How the monitor is reached from outside of the cluster."""

from flower_operator import constants
from flower_operator.kinds import HTTP_ROUTE, INGRESS, Manifest
from flower_operator.spec import Monitor
from flower_operator.spec.network import HttpRoute, Ingress

from .metadata import child_meta, workload_name


def ingress(monitor: Monitor, wanted: Ingress) -> Manifest:
    """Render the Ingress."""
    spec: Manifest = {"rules": [_rule(monitor, host) for host in wanted.hosts]}
    if wanted.class_name is not None:
        spec["ingressClassName"] = wanted.class_name
    if wanted.tls is not None:
        named = {"secretName": wanted.tls.secret_name} if wanted.tls.secret_name else {}
        spec["tls"] = [{"hosts": list(wanted.hosts), **named}]
    return {
        "apiVersion": INGRESS.api_version,
        "kind": INGRESS.kind,
        "metadata": child_meta(monitor, workload_name(monitor)) | {"annotations": dict(wanted.annotations)},
        "spec": spec,
    }


def _rule(monitor: Monitor, host: str) -> Manifest:
    backend = {"service": {"name": workload_name(monitor), "port": {"name": constants.PORT_NAME}}}
    return {"host": host, "http": {"paths": [{"path": _path(monitor), "pathType": "Prefix", "backend": backend}]}}


def http_route(monitor: Monitor, wanted: HttpRoute) -> Manifest:
    """Render the HTTPRoute."""
    match = {"path": {"type": "PathPrefix", "value": _path(monitor)}}
    backend = {"name": workload_name(monitor), "port": monitor.spec.service.port}
    spec: Manifest = {
        "parentRefs": [dict(parent) for parent in wanted.parent_refs],
        "rules": [{"matches": [match], "backendRefs": [backend]}],
    }
    if wanted.hostnames:
        spec["hostnames"] = list(wanted.hostnames)
    return {
        "apiVersion": HTTP_ROUTE.api_version,
        "kind": HTTP_ROUTE.kind,
        "metadata": child_meta(monitor, workload_name(monitor)) | {"annotations": dict(wanted.annotations)},
        "spec": spec,
    }


def _path(monitor: Monitor) -> str:
    return monitor.spec.options.prefix or "/"
