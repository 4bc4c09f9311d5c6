"""The chart at a real API server: it takes every object, and both programs can do with their roles what they must."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from flower_operator import connection, fleetkey
from flower_operator.config import ControllerConfig
from flower_operator.constants import FLEET_SECRET, LEASE_NAME
from flower_operator.controller.observe import storage_class_missing
from flower_operator.controller.rights import report_missing
from flower_operator.exceptions import Forbidden
from flower_operator.fleet.identity import Refusal, identity_of
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.rights import Question, Rights, Role
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.tokens import MAY_NOT_ASK, TokenChecker
from flower_operator.fleet.watches import Watches
from flower_operator.kinds import FLOWER_MONITOR, LEASE, SECRET, Kind
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key
from tests.chart.helm import VALUES, Manifest, template
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

MONITOR = {
    "apiVersion": FLOWER_MONITOR.api_version,
    "kind": FLOWER_MONITOR.kind,
    "metadata": {"name": "orders"},
    "spec": {"broker": {"url": "redis://broker:6379/0"}},
}

PROMETHEUS = {"PodMonitor": "podmonitors", "PrometheusRule": "prometheusrules", "ServiceMonitor": "servicemonitors"}

OPTIONAL = {**PROMETHEUS, "HTTPRoute": "httproutes"}

PLURALS = {
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
    "ConfigMap": "configmaps",
    "CustomResourceDefinition": "customresourcedefinitions",
    "Deployment": "deployments",
    "Ingress": "ingresses",
    "NetworkPolicy": "networkpolicies",
    "Pod": "pods",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "Service": "services",
    "ServiceAccount": "serviceaccounts",
    **OPTIONAL,
}


def rendered(namespace: str, *arguments: str | Path) -> list[tuple[Kind, str | None, Manifest]]:
    """The chart's objects, each with what its request needs. The release is called as its namespace: unique."""
    found = []
    for manifest in template("--namespace", namespace, *arguments, release=namespace):
        space = manifest["metadata"].get("namespace")
        kind = Kind(manifest["apiVersion"], manifest["kind"], PLURALS[manifest["kind"]], namespaced=space is not None)
        found.append((kind, space, manifest))
    return found


def placed(file: Path, namespace: str) -> list[str]:
    """Settings that put a namespace in the place of those of a file of values, which the test server does not have."""
    text = file.read_text()
    settings = {"watchNamespaces": f"watchNamespaces={{{namespace}}}", "  namespace:": f"test.namespace={namespace}"}
    return [word for sign, setting in settings.items() if sign in text for word in ("--set", setting)]


@pytest.mark.parametrize("file", VALUES, ids=lambda file: file.name.removesuffix("-values.yaml"))
async def test_the_api_server_takes_every_object(api: KubeApi, namespace: str, file: Path) -> None:
    for kind, space, manifest in rendered(namespace, "--values", file, *placed(file, namespace)):
        # The test server has the CRD, which test_chart.py compares, and not the kinds of others.
        if kind.kind not in ("CustomResourceDefinition", *OPTIONAL):
            await api.create(replace(kind, plural=f"{kind.plural}?dryRun=All&fieldValidation=Strict"), space, manifest)


@pytest.fixture
def administrator(kube_server: Access) -> str:
    """The administrator's kubeconfig."""
    return Path(kube_server.kubeconfig).read_text()


@asynccontextmanager
async def installed(
    administrator: str, api: KubeApi, namespace: str, folder: Path, watched: str | None = None
) -> AsyncIterator[dict[str, KubeApi]]:
    """The API as the controller and as the fleet see it, with no rights but those that the chart gives.

    `watched`: the one namespace that they get rights in; None: the cluster.
    """
    scope = () if watched is None else ("--set", f"watchNamespaces={{{watched}}}", "--set", "rbac.clusterRoles=false")
    objects = [
        entry
        for entry in rendered(namespace, "--set", "crds.install=false", *scope)
        if entry[0].kind.startswith(("Role", "ClusterRole", "ServiceAccount"))
    ]
    async with AsyncExitStack() as stack:
        for kind, space, manifest in objects:
            await api.create(kind, space, manifest)
            if space is None:
                stack.push_async_callback(api.delete, kind, None, manifest["metadata"]["name"])
        made = {}
        for component in ("controller", "fleet"):
            path = folder / component
            path.write_text(await kubeconfig_of(administrator, api, namespace, component))
            made[component] = await stack.enter_async_context(connect(await connection.load(str(path))))
        await in_force(made["controller"], watched, LEASE, namespace, LEASE_NAME)
        await in_force(made["fleet"], watched, SECRET, namespace, FLEET_SECRET)
        if watched is None:  # else nothing gives it the right to ask
            await granted(lambda: Reviews(made["fleet"]).review("nobody's"))
        yield made


@pytest.fixture
async def accounts(
    administrator: str, api: KubeApi, namespace: str, tmp_path: Path
) -> AsyncIterator[dict[str, KubeApi]]:
    """Those of an installation for the whole cluster."""
    async with installed(administrator, api, namespace, tmp_path) as made:
        yield made


@pytest.fixture
async def confined(
    administrator: str, api: KubeApi, namespace: str, tmp_path: Path
) -> AsyncIterator[dict[str, KubeApi]]:
    """Those of an installation for the one namespace that it is in."""
    async with installed(administrator, api, namespace, tmp_path, watched=namespace) as made:
        yield made


async def in_force(api: KubeApi, watched: str | None, kind: Kind, namespace: str, name: str) -> None:
    """Wait until it may list FlowerMonitors, and read an object of the namespace that it is in."""
    await granted(lambda: api.list(FLOWER_MONITOR, watched))
    await granted(lambda: api.find(kind, namespace, name))


async def granted(ask: Callable[[], Awaitable[object]]) -> None:
    """Wait for the API server's authorizer, which learns of roles and bindings by watching them, each for itself."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await ask()
            except Forbidden:
                await asyncio.sleep(0.02)
            else:
                return


async def kubeconfig_of(administrator: str, api: KubeApi, namespace: str, component: str) -> str:
    """The administrator's kubeconfig with the token of a component's account."""
    request = Kind("v1", "TokenRequest", f"serviceaccounts/{namespace}-flower-operator-{component}/token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = (await api.create(request, namespace, body))["status"]["token"]
    config = yaml.safe_load(administrator)
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    return yaml.safe_dump(config)


async def test_the_controller_lacks_no_right(accounts: dict[str, KubeApi], namespace: str) -> None:
    config = ControllerConfig(monitor_image="flower-operator:test", operator_namespace=namespace)
    assert await report_missing(accounts["controller"], config) == []


async def test_in_a_namespace_the_controller_lacks_only_what_is_of_the_cluster(
    confined: dict[str, KubeApi], namespace: str
) -> None:
    config = ControllerConfig("flower-operator:test", operator_namespace=namespace, namespaces=(namespace,))
    assert await report_missing(confined["controller"], config) == ["get storageclasses in all namespaces"]


async def test_in_a_namespace_a_claim_whose_class_can_not_be_looked_up_is_pending(confined: dict[str, KubeApi]) -> None:
    claim = {"spec": {"storageClassName": "nobody-knows"}, "status": {"phase": "Pending"}}
    assert not await storage_class_missing(confined["controller"].find, claim)


async def test_in_a_namespace_the_fleet_shows_it_and_says_of_another_that_it_may_not(
    confined: dict[str, KubeApi], api: KubeApi, namespace: str
) -> None:
    await api.create(FLOWER_MONITOR, namespace, MONITOR)
    roster = Roster()
    watches = Watches(confined["fleet"], roster, [namespace, "default"])
    watching = asyncio.create_task(watches.run())
    async with asyncio.timeout(PATIENCE):
        while watches.listed_at is None or watches.trouble is None:
            await roster.changes.beyond(roster.changes.value)
    watching.cancel()
    await asyncio.wait([watching])
    assert roster.keys() == {Key(namespace, "orders")}
    assert "may not list" in watches.trouble


async def test_in_a_namespace_tokens_are_refused_with_the_reason(
    confined: dict[str, KubeApi], kube_server: Access
) -> None:
    verdict = await TokenChecker(Reviews(confined["fleet"]).review).check(kube_server.token)
    assert verdict == Refusal(403, MAY_NOT_ASK)


async def test_the_fleet_lists_and_watches_monitors(accounts: dict[str, KubeApi], namespace: str, api: KubeApi) -> None:
    _, version = await accounts["fleet"].list_at(FLOWER_MONITOR)
    await api.create(FLOWER_MONITOR, namespace, MONITOR)
    async for _, manifest in accounts["fleet"].watch(FLOWER_MONITOR, None, version, seconds=int(PATIENCE)):
        if manifest["metadata"].get("namespace") == namespace:
            return
    pytest.fail("the watch did not tell of the new FlowerMonitor")


async def test_the_fleet_makes_and_reads_its_secret(accounts: dict[str, KubeApi], namespace: str) -> None:
    made = await fleetkey.get_or_create(accounts["fleet"], namespace)
    assert await fleetkey.get_or_create(accounts["fleet"], namespace) == made


async def test_the_controller_reads_the_same_secret(accounts: dict[str, KubeApi], namespace: str) -> None:
    made = await fleetkey.get_or_create(accounts["fleet"], namespace)
    assert await fleetkey.get_or_create(accounts["controller"], namespace) == made


async def test_the_fleet_reads_no_other_secret(accounts: dict[str, KubeApi], namespace: str, api: KubeApi) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "orders-broker"}, "stringData": {"url": "x"}}
    await api.create(SECRET, namespace, body)
    with pytest.raises(Forbidden):
        await accounts["fleet"].get(SECRET, namespace, "orders-broker")


async def test_the_fleet_can_not_change_its_secret(accounts: dict[str, KubeApi], namespace: str) -> None:
    await fleetkey.get_or_create(accounts["fleet"], namespace)
    with pytest.raises(Forbidden):
        await accounts["fleet"].merge(SECRET, namespace, FLEET_SECRET, {"stringData": {"password": "x"}})


async def test_the_fleet_can_not_change_monitors(accounts: dict[str, KubeApi], namespace: str) -> None:
    with pytest.raises(Forbidden):
        await accounts["fleet"].delete(FLOWER_MONITOR, namespace, "orders")


async def test_the_fleet_may_ask_about_people(accounts: dict[str, KubeApi], kube_server: Access) -> None:
    reviews = Reviews(accounts["fleet"])
    user = await reviews.review(kube_server.token)
    assert user is not None
    assert await reviews.may(user, Question("administer", None))


@pytest.mark.parametrize(
    ("role", "is_in_the_monitor"), [("view", Role.VIEWER), ("edit", Role.OPERATOR), ("admin", Role.ADMIN)]
)
async def test_the_clusters_own_roles_make_people_what_they_are_in_a_monitor(
    accounts: dict[str, KubeApi], api: KubeApi, namespace: str, role: str, is_in_the_monitor: Role
) -> None:
    binding = Kind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings")
    body = {
        "apiVersion": binding.api_version,
        "kind": binding.kind,
        "metadata": {"name": role},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "ann"}],
    }
    await api.create(binding, namespace, body)
    ann, reviews = identity_of({"username": "ann"}), Reviews(accounts["fleet"])
    async with asyncio.timeout(PATIENCE):  # the controller-manager joins the roles some time after they were made
        while await Rights(reviews.may).role(ann, Key(namespace, "orders")) is not is_in_the_monitor:
            await asyncio.sleep(0.05)
    assert await Rights(reviews.may).role(ann, Key("default", "orders")) is None


async def test_nobody_may_list_secrets(accounts: dict[str, KubeApi], namespace: str) -> None:
    for component in accounts.values():
        with pytest.raises(Forbidden):
            await component.list(SECRET, namespace)
