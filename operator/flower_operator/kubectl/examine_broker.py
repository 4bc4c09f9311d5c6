"""The broker's URL, the Secret it is in, and whether its name leads anywhere."""

import ipaddress
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from flower_operator.controller.checks import broker as checks
from flower_operator.exceptions import Forbidden, KubeError
from flower_operator.kinds import NAMESPACE, SECRET, SERVICE, Kind
from flower_operator.kubectl.cluster import Cluster
from flower_operator.kubectl.findings import Finding, State, unknown, well, wrong
from flower_operator.spec import Monitor

ENDPOINT_SLICE = Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices")

_URL, _NAME = "broker URL", "broker name"


async def examine(cluster: Cluster, monitor: Monitor) -> AsyncIterator[Finding]:
    """Secret, URL and name, as far as they can be looked at."""
    reference = monitor.spec.broker.url_secret_ref
    secret = None
    if reference is not None:
        try:
            secret = ((await cluster.api.find(SECRET, monitor.namespace, reference.name)) or {}).get("data")
        except Forbidden:
            yield unknown(_URL, f"you may not read Secret {reference.name}, which has it")
            return
    found = checks.check_url(monitor, secret)
    if not isinstance(found, str):
        yield wrong(_URL, found.reason, found.message)
        return
    yield well(
        _URL, f"{urlsplit(found).scheme}://, from {f'Secret {reference.name}' if reference else 'spec.broker.url'}"
    )
    for part in found.split(";"):
        yield await _name(cluster, monitor, urlsplit(part).hostname or "localhost")


async def _name(cluster: Cluster, monitor: Monitor, host: str) -> Finding:
    if host == "localhost" or _is_loopback(host):
        return wrong(_NAME, f"{host} is the monitor's own pod", "Name the broker's Service, as redis.NAMESPACE.svc.")
    if _is_address(host):
        return well(_NAME, f"{host} is an address")
    service, namespace = service_of(host, monitor.namespace)
    if service is None:
        return unknown(_NAME, f"{host} is outside of the cluster; whether the monitor reaches it is said below")
    try:
        return await _service(cluster, host, service, namespace)
    except KubeError as error:
        return unknown(_NAME, f"Service {namespace}/{service} can't be read: {error.message}")


def service_of(host: str, own: str) -> tuple[str | None, str]:
    """The Service that a name means, by the rules of cluster DNS; None: it is no Service's."""
    parts = host.rstrip(".").split(".")
    if len(parts) == 1:
        return parts[0], own
    # NAME.NAMESPACE could be a domain of the world as well.
    if len(parts) == 2 or (len(parts) > 2 and parts[2] == "svc"):
        return parts[0], parts[1]
    return None, own


async def _service(cluster: Cluster, host: str, name: str, namespace: str) -> Finding:
    found = await cluster.api.find(SERVICE, namespace, name)
    if found is None:
        if "." in host and await cluster.api.find(NAMESPACE, None, namespace) is None:
            return unknown(_NAME, f"{host} is no Service; whether the monitor reaches it is said below")
        return wrong(_NAME, f"there is no Service {namespace}/{name}", f"Correct the host {host} in the broker's URL.")
    if found["spec"].get("type") == "ExternalName":
        return well(_NAME, f"{host} leads to {found['spec'].get('externalName')}")
    slices = await cluster.api.list(ENDPOINT_SLICE, namespace, f"kubernetes.io/service-name={name}")
    ready = sum(_ready(endpoint) for one in slices for endpoint in one.get("endpoints") or [])
    if ready == 0:
        fix = f"Look at its pods: kubectl -n {namespace} get pods, and at the selector of the Service."
        return wrong(_NAME, f"Service {namespace}/{name} has no ready pod behind it", fix)
    return Finding(_NAME, State.WELL, f"Service {namespace}/{name} has {ready} ready")


def _ready(endpoint: dict[str, dict[str, bool]]) -> bool:
    return (endpoint.get("conditions") or {}).get("ready") is not False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_loopback
