"""How the monitor is reached, and who it is to the API server (nobody)."""

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .metadata import child_meta, selector, workload_name


def service(monitor: Monitor) -> Manifest:
    """Render the Service."""
    wanted = monitor.spec.service
    port: Manifest = {
        "name": constants.PORT_NAME,
        "port": wanted.port,
        "targetPort": constants.PORT_NAME,
        "protocol": "TCP",
        "appProtocol": "http",
    }
    if wanted.node_port is not None:
        port["nodePort"] = wanted.node_port
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": child_meta(monitor, workload_name(monitor)) | {"annotations": dict(wanted.annotations)},
        "spec": {"type": wanted.type, "selector": selector(monitor), "ports": [port]},
    }


def service_account(monitor: Monitor) -> Manifest:
    """Render the ServiceAccount: the monitor calls no Kubernetes API, so it has no token."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": child_meta(monitor, workload_name(monitor)),
        "automountServiceAccountToken": False,
    }


def url(monitor: Monitor) -> str:
    """Address of the monitor inside the cluster."""
    host = f"{workload_name(monitor)}.{monitor.namespace}.svc"
    return f"http://{host}:{monitor.spec.service.port}{monitor.spec.options.prefix}"
