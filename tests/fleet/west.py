"""Another cluster with a real API server, a real monitor behind that server's proxy, and a fleet that shows both.

There is no node: the API server is told of a pod at an address that is nobody's (RFC 5737), and has an HTTP proxy on
its way there, which is the monitor itself.
"""

import asyncio
import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import connection
from flower_operator.constants import ANNOTATION_OPERATOR_NAMESPACE, FLEET_SECRET, LABEL_CLUSTER
from flower_operator.identity_key import public_key
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, POD, SECRET, SERVICE, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key
from tests.fleet.made import manifest
from tests.fleet.people import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from tests.fleet.program import Program, login_of, running, until
from tests.monitor.program import Monitor, monitor
from tests.support.kube import another_server
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer, redis_server

EXAMPLE = Path(__file__).parents[2] / "examples" / "other-cluster.yaml"
"""What the documentation says to apply there."""

HOME = f"operator-{secrets.token_hex(4)}"
"""The fleet's namespace in its own cluster, and the only one of that cluster that it shows."""
THERE = "flower-operator"
"""The operator's namespace in the other."""
TEAM = "team-a"
"""The namespace of the monitor there."""
ORDERS = Key(TEAM, "orders")
ADDRESS = "198.51.100.10"
ENDPOINTS = Kind("v1", "Endpoints", "endpoints")
KEY = base64.b64encode(secrets.token_bytes(32)).decode()

INTO = f"/c/west/n/{TEAM}/orders"
KINDS = {
    kind.kind: kind
    for kind in (SERVICE_ACCOUNT, SECRET, CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, NAMESPACE)
}


@dataclass(frozen=True)
class West:
    """The two clusters, the fleet, and the monitor with its broker."""

    fleet: Program
    home: Access
    there: Access
    orders: Monitor
    broker: RedisServer
    kubeconfig: dict[str, Any] = field(repr=False)
    """Of the account that the fleet has there."""


@pytest.fixture(scope="module")
def west(kube_server: Access, tmp_path_factory: pytest.TempPathFactory) -> Iterator[West]:
    """With the monitor heard, so that the way there is open."""
    folder = tmp_path_factory.mktemp("west")
    of_fleet = f"--fleet-public-key={public_key(KEY.encode())}"
    with (
        redis_server(folder) as broker,
        monitor(broker.url, folder, "--name=orders", f"--namespace={TEAM}", of_fleet) as orders,
        another_server(folder / "kube", {"HTTP_PROXY": f"http://127.0.0.1:{orders.port}"}) as there,
    ):
        orders.connected()
        kubeconfig = asyncio.run(prepare(there, orders.port))
        asyncio.run(lead_there(kube_server, kubeconfig))
        with running(kube_server.kubeconfig, folder, *options()) as fleet:
            fleet.login = asyncio.run(login(kube_server))
            until(lambda: fleet.get("/api/v1/monitors").json(), heard)
            yield West(fleet, kube_server, there, orders, broker, kubeconfig)


def options() -> list[str]:
    """Of the fleet."""
    return [f"--operator-namespace={HOME}", f"--namespace={HOME}", "--cluster-name=east", "--other-clusters"]


def heard(shown: dict[str, Any]) -> bool:
    """Whether the monitor there was heard."""
    return any(item["cluster"] == "west" and not item["observed"]["stale"] for item in shown.get("items", ()))


async def prepare(there: Access, port: int) -> dict[str, Any]:
    """What an administrator and the controller make there; the kubeconfig that comes of it."""
    async with connect(await connection.load(there.kubeconfig)) as api:
        for name in (THERE, TEAM):
            await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for body in yaml.safe_load_all(EXAMPLE.read_text()):
            await api.create(KINDS[body["kind"]], body["metadata"].get("namespace"), body)
        data = {"username": "admin", "password": "of the other", "key": KEY}
        await api.create(SECRET, THERE, secret_of(FLEET_SECRET, data))
        await api.create(FLOWER_MONITOR, TEAM, manifest(ORDERS, {"service": {"port": 80}}))
        await serve_at(api, port)
        return await kubeconfig_of(api, there)


def secret_of(name: str, data: dict[str, str], **labels: str) -> Manifest:
    """A Secret."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "labels": labels}, "stringData": data}


async def serve_at(api: KubeApi, port: int) -> None:
    """The monitor's Service and its pod, as the controllers and a kubelet would leave them."""
    ports: list[dict[str, Any]] = [{"name": "http", "port": 80, "targetPort": port}]
    metadata = {"name": "orders-monitor"}
    await api.create(
        SERVICE, TEAM, {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": ports}}
    )
    async with asyncio.timeout(PATIENCE):
        while await api.find(SERVICE_ACCOUNT, TEAM, "default") is None:
            await asyncio.sleep(0.05)
    # Of no node by name: the collector of garbage deletes pods of nodes that are not there.
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [{"name": "monitor", "image": "monitor"}]},
    }
    await api.create(POD, TEAM, pod)
    status = {"phase": "Running", "podIP": ADDRESS, "podIPs": [{"ip": ADDRESS}]}
    await api.merge(POD, TEAM, "orders-monitor", {"status": status}, "status")
    target = {"kind": "Pod", "name": "orders-monitor", "namespace": TEAM}
    subset = {"addresses": [{"ip": ADDRESS, "targetRef": target}], "ports": [{"name": "http", "port": port}]}
    await api.create(
        ENDPOINTS, TEAM, {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [subset]}
    )


async def kubeconfig_of(api: KubeApi, there: Access) -> dict[str, Any]:
    """As the documentation says: of the account's Secret, which Kubernetes fills in."""
    async with asyncio.timeout(PATIENCE):
        while "token" not in ((await api.get(SECRET, THERE, "flower-fleet")).get("data") or {}):
            await asyncio.sleep(0.05)
    data = (await api.get(SECRET, THERE, "flower-fleet"))["data"]
    return {
        "current-context": "west",
        "contexts": [{"name": "west", "context": {"cluster": "west", "user": "fleet"}}],
        "clusters": [
            {"name": "west", "cluster": {"server": there.url, "certificate-authority-data": data["ca.crt"]}},
        ],
        "users": [{"name": "fleet", "user": {"token": base64.b64decode(data["token"]).decode()}}],
    }


async def lead_there(home: Access, kubeconfig: dict[str, Any], name: str = "west") -> None:
    """The labelled Secret in the fleet's namespace."""
    async with connect(await connection.load(home.kubeconfig)) as api:
        if await api.find(NAMESPACE, None, HOME) is None:
            await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": HOME}})
        body = secret_of(name, {"kubeconfig": yaml.safe_dump(kubeconfig)}, **{LABEL_CLUSTER: name})
        body["metadata"]["annotations"] = {ANNOTATION_OPERATOR_NAMESPACE: THERE}
        await api.apply(SECRET, HOME, body, "test")


async def login(home: Access) -> tuple[str, str]:
    """User name and password of the fleet, from the Secret that it makes."""
    async with connect(await connection.load(home.kubeconfig)) as api, asyncio.timeout(PATIENCE):
        while (found := await api.find(SECRET, HOME, FLEET_SECRET)) is None:
            await asyncio.sleep(0.05)
        return login_of(found)
