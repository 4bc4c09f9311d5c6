"""A controller keeps the children as they are rendered."""

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.kinds import Manifest

from .world import World, secret, until

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent / "golden" / "input"
CHILDREN = [
    (kinds.SERVICE_ACCOUNT, "orders-monitor"),
    (kinds.SECRET, "orders-config"),
    (kinds.SECRET, "orders-credentials"),
    (kinds.CLAIM, "orders-data"),
    (kinds.SERVICE, "orders-monitor"),
    (kinds.DEPLOYMENT, "orders-monitor"),
]


def owners(live: Manifest) -> list[str]:
    return [owner["kind"] for owner in live["metadata"].get("ownerReferences", [])]


async def test_all_children_appear(world: World) -> None:
    async with world.controller():
        await world.create()
        found = {(kind.kind, name): await world.appears(kind, name) for kind, name in CHILDREN}
    data = {("PersistentVolumeClaim", "orders-data"), ("Secret", "orders-credentials")}
    for at, live in found.items():
        assert owners(live) == ([] if at in data else ["FlowerMonitor"]), at
        assert live["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "flower-operator"


async def test_a_monitor_that_runs_is_ready_with_all_it_says(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.make_ready()
        await world.condition("Ready", "True")
        found = (await world.appears(kinds.FLOWER_MONITOR, "orders"))["status"]
    assert found["broker"] == {"kind": "redis", "url": "redis://redis:6379/0"}
    assert (found["workers"], found["version"]) == (2, "9.9.9")
    assert found["observedGeneration"] == 1


async def test_the_monitor_is_asked_with_the_token_that_its_config_knows(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.make_ready()
        await world.condition("BrokerReachable", "True")
        config = await world.appears(kinds.SECRET, "orders-config")
    digest = base64.b64decode(config["data"]["FLOWER_FLEET_TOKEN_SHA256"]).decode()
    assert world.fake.tokens == {digest}


DRIFT: list[tuple[Any, str, Manifest]] = [
    (kinds.DEPLOYMENT, "orders-monitor", {"spec": {"replicas": 5}}),
    (kinds.SERVICE, "orders-monitor", {"spec": {"selector": {"app.kubernetes.io/instance": "other"}}}),
    (kinds.SECRET, "orders-config", {"data": {"FLOWER_PORT": "MQ=="}}),
    (kinds.SERVICE_ACCOUNT, "orders-monitor", {"automountServiceAccountToken": True}),
    (kinds.SERVICE, "orders-monitor", {"metadata": {"labels": {"app.kubernetes.io/component": "x"}}}),
]


@pytest.mark.parametrize(("kind", "name", "patch"), DRIFT, ids=["replicas", "selector", "config", "account", "label"])
async def test_drift_is_corrected(world: World, kind: kinds.Kind, name: str, patch: Manifest) -> None:
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        before = await world.appears(kind, name)
        await world.api.merge(kind, world.namespace, name, patch)

        async def back() -> bool:
            live = await world.appears(kind, name)
            same = all(live.get(part) == before.get(part) for part in ("spec", "data", "automountServiceAccountToken"))
            return same and live["metadata"]["labels"] == before["metadata"]["labels"]

        await until(back, "as it was")


@pytest.mark.parametrize(("kind", "name"), CHILDREN, ids=lambda at: getattr(at, "kind", at))
async def test_a_deleted_child_comes_back(world: World, kind: kinds.Kind, name: str) -> None:
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        uid = (await world.appears(kind, name))["metadata"]["uid"]
        await world.delete(kind, name)

        async def another() -> bool:
            live = await world.find(kind, name)
            return live is not None and live["metadata"]["uid"] != uid

        await until(another, "another one")


async def test_what_somebody_added_to_a_child_stays(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.appears(kinds.SERVICE, "orders-monitor")
        patch = {"metadata": {"annotations": {"example.com/theirs": "yes"}}, "spec": {"sessionAffinity": "ClientIP"}}
        await world.api.merge(kinds.SERVICE, world.namespace, "orders-monitor", patch)
        await world.change(service={"port": 80})

        async def changed() -> bool:
            live = await world.appears(kinds.SERVICE, "orders-monitor")
            return bool(live["spec"]["ports"][0]["port"] == 80)

        await until(changed, "port 80")
        live = await world.appears(kinds.SERVICE, "orders-monitor")
    assert live["metadata"]["annotations"]["example.com/theirs"] == "yes"
    assert live["spec"]["sessionAffinity"] == "ClientIP"


async def test_a_child_that_is_no_longer_rendered_is_pruned(world: World) -> None:
    """Such as one of an older version under another name; one of our name's labels alone is not enough."""
    made = await world.create()
    owner = {
        "apiVersion": made["apiVersion"],
        "kind": "FlowerMonitor",
        "name": "orders",
        "uid": made["metadata"]["uid"],
    }
    labels = {
        "app.kubernetes.io/name": "flower-monitor",
        "app.kubernetes.io/instance": "orders",
        "app.kubernetes.io/managed-by": "flower-operator",
    }
    for name, owned in (("old", [owner]), ("theirs", [])):
        meta = {"name": name, "labels": labels, "ownerReferences": owned}
        body = {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"port": 80}]}}
        await world.api.create(kinds.SERVICE, world.namespace, body)
    async with world.controller():
        await world.vanishes(kinds.SERVICE, "old")
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
    assert await world.find(kinds.SERVICE, "theirs") is not None


async def test_a_volume_that_grows_is_told_until_it_has_grown(world: World) -> None:
    async with world.controller():
        await world.create(storage={"size": "1Gi", "storageClassName": "tests"})
        await world.bind()
        await world.api.merge(kinds.CLAIM, world.namespace, "orders-data", capacity("1Gi"), sub="status")
        await world.change(storage={"size": "2Gi"})
        await world.condition("StorageReady", "True", "ResizePending")
        await world.api.merge(kinds.CLAIM, world.namespace, "orders-data", capacity("2Gi"), sub="status")
        await world.condition("StorageReady", "True", "Bound")


def capacity(size: str) -> Manifest:
    return {"status": {"capacity": {"storage": size}}}


async def test_a_class_that_cannot_grow_is_said_and_the_monitor_follows_the_rest(world: World) -> None:
    """Since no size can be taken back, a refusal must not stop anything else."""
    body = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": f"fixed-{world.namespace}"}}
    await world.api.create(kinds.STORAGE_CLASS, None, {**body, "provisioner": "example.com/none"})
    async with world.controller():
        await world.create(storage={"size": "1Gi", "storageClassName": f"fixed-{world.namespace}"})
        await world.make_ready()
        await world.condition("Ready", "True")
        await world.change(storage={"size": "2Gi"}, podTemplate={"labels": {"team": "a"}})
        found = await world.condition("StorageReady", "False", "ResizeRefused")
        assert "must support resize" in found["message"]

        async def followed() -> bool:
            live = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
            return bool(live["spec"]["template"]["metadata"]["labels"].get("team") == "a")

        await until(followed, "another pod template")
    await world.api.delete(kinds.STORAGE_CLASS, None, f"fixed-{world.namespace}")


async def test_a_service_account_of_ones_own_replaces_ours(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.change(podTemplate={"serviceAccountName": "monitors"})
        await world.vanishes(kinds.SERVICE_ACCOUNT, "orders-monitor")

        async def named() -> bool:
            live = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
            return bool(live["spec"]["template"]["spec"]["serviceAccountName"] == "monitors")

        await until(named, "its account")


async def test_an_account_made_later_than_the_first_look_is_pruned_too(world: World) -> None:
    """What there is is listed once, when the first FlowerMonitor is reconciled."""
    async with world.controller():
        await world.create("first")
        await world.appears(kinds.DEPLOYMENT, "first-monitor")
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.change(podTemplate={"serviceAccountName": "monitors"})
        await world.vanishes(kinds.SERVICE_ACCOUNT, "orders-monitor")


async def test_the_account_of_a_deployment_that_is_held_stays(world: World) -> None:
    """Its next pod could not be made without it."""
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        there_is_none = {"urlSecretRef": {"name": "nowhere", "key": "url"}, "url": None}
        await world.change(broker=there_is_none, podTemplate={"serviceAccountName": "monitors"})
        await world.condition("BrokerReachable", "False", "SecretNotFound")
        assert await world.find(kinds.SERVICE_ACCOUNT, "orders-monitor") is not None
        await world.change(broker={"url": "redis://redis:6379/0", "urlSecretRef": None})
        await world.vanishes(kinds.SERVICE_ACCOUNT, "orders-monitor")


async def test_a_whole_pod_template_is_taken_by_kubernetes(world: World) -> None:
    """And is as we want it afterwards: values that the server writes otherwise would be applied for ever."""
    spec = yaml.safe_load((GOLDEN / "pod.yaml").read_text())["spec"]
    async with world.controller():
        await world.create(**spec)
        live = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
    pod = live["spec"]["template"]["spec"]
    template = spec["podTemplate"]
    assert pod["affinity"] == template["affinity"]
    assert pod["topologySpreadConstraints"] == template["topologySpreadConstraints"]
    assert pod["securityContext"] == template["securityContext"] | {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert [one["name"] for one in pod["containers"][0]["env"]] == [one["name"] for one in template["env"]]
    assert {one["name"] for one in template["volumes"]} < {one["name"] for one in pod["volumes"]}
    assert {one["mountPath"] for one in pod["containers"][0]["volumeMounts"]} >= {"/certificates", "/results", "/data"}
    assert pod["imagePullSecrets"] == spec["imagePullSecrets"]


async def test_a_changed_broker_secret_rolls_the_pod(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("broker", url="redis://:one@redis"))

    async def config_hash() -> str:
        live = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        annotations: dict[str, str] = live["spec"]["template"]["metadata"]["annotations"]
        return annotations["flower-operator.io/config-hash"]

    async with world.controller():
        await world.create(broker={"urlSecretRef": {"name": "broker"}})
        before = await config_hash()
        await world.api.merge(kinds.SECRET, world.namespace, "broker", {"stringData": {"url": "redis://:two@redis"}})

        async def rolled() -> bool:
            return await config_hash() != before

        await until(rolled, "another pod template")


async def test_storage_grows_and_the_claim_follows(world: World) -> None:
    async with world.controller():
        await world.create(storage={"size": "1Gi", "storageClassName": "tests"})
        await world.bind()
        await world.change(storage={"size": "2Gi"})

        async def grown() -> bool:
            claim = await world.appears(kinds.CLAIM, "orders-data")
            return bool(claim["spec"]["resources"]["requests"]["storage"] == "2Gi")

        await until(grown, "2Gi")
