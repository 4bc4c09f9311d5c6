"""Whatever can't work is said within seconds, in a condition and an Event, and heals by itself."""

import base64
from typing import Any

import pytest

from flower_operator import kinds
from flower_operator.exceptions import Forbidden
from flower_operator.kinds import Manifest

from .world import READY, World, secret, until

pytestmark = pytest.mark.anyio

HASH = "$2b$12$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"
BY_SECRET: dict[str, Any] = {"broker": {"urlSecretRef": {"name": "broker"}}}


async def refused(world: World, kind: str, reason: str, text: str) -> None:
    """The condition is there, Ready says the same, and so does one Event."""
    found = await world.condition(kind, "False", reason)
    assert text in found["message"]
    ready = await world.condition("Ready", "False")
    assert ready["message"]

    async def told() -> list[Any]:
        return [event for event in await world.events() if event[:2] == ("Warning", reason)]

    events = await until(told, f"an Event {reason}")
    assert len(events) == 1
    assert text in events[0][2]


async def test_a_secret_that_appears_late(world: World) -> None:
    async with world.controller():
        await world.create(**BY_SECRET)
        await refused(world, "BrokerReachable", "SecretNotFound", "spec.broker.urlSecretRef.name")
        await world.condition("Stalled", "True", "SecretNotFound")
        assert await world.find(kinds.DEPLOYMENT, "orders-monitor") is None
        await world.api.create(kinds.SECRET, world.namespace, secret("broker", url="redis://redis"))
        await world.make_ready()
        await world.condition("Ready", "True")
        await world.condition("Stalled", "False")


async def test_a_key_that_appears_late(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("broker", uri="redis://redis"))
    async with world.controller():
        await world.create(**BY_SECRET)
        await refused(world, "BrokerReachable", "SecretKeyNotFound", "spec.broker.urlSecretRef.key")
        await world.change(broker={"urlSecretRef": {"name": "broker", "key": "uri"}})
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")


async def test_an_unknown_transport(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("broker", url="kafka://kafka"))
    async with world.controller():
        await world.create(**BY_SECRET)
        await refused(world, "BrokerReachable", "UnknownTransport", "'kafka'")
        await world.api.merge(kinds.SECRET, world.namespace, "broker", {"stringData": {"url": "redis://redis"}})
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")


async def test_a_secret_that_vanishes_leaves_the_running_pod_alone(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("broker", url="redis://redis"))
    async with world.controller():
        await world.create(**BY_SECRET)
        await world.make_ready()
        await world.condition("Ready", "True")
        before = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.delete(kinds.SECRET, "broker")
        await refused(world, "BrokerReachable", "SecretNotFound", "spec.broker.urlSecretRef.name")
        await world.condition("WorkloadAvailable", "True")
        after = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
    assert after["metadata"]["generation"] == before["metadata"]["generation"]


async def test_credentials_that_are_missing(world: World) -> None:
    async with world.controller():
        await world.create(access={"adminSecretRef": {"name": "login"}})
        await refused(world, "CredentialsReady", "SecretNotFound", "spec.access.adminSecretRef.name")
        assert await world.find(kinds.DEPLOYMENT, "orders-monitor") is None
        await world.api.create(kinds.SECRET, world.namespace, secret("login", username="me", password="mine"))
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.condition("CredentialsReady", "True")


async def test_a_secret_of_users_that_is_missing_and_then_wrong(world: World) -> None:
    async with world.controller():
        await world.create(access={"usersSecretRef": {"name": "people"}})
        await refused(world, "ConfigValid", "SecretNotFound", "spec.access.usersSecretRef.name")
        await world.api.create(kinds.SECRET, world.namespace, secret("people", users="ann:in the clear"))
        await refused(world, "ConfigValid", "InvalidUsers", "line 1 has no bcrypt hash")
        assert await world.find(kinds.DEPLOYMENT, "orders-monitor") is None
        good = {"stringData": {"users": f"ann:{HASH}"}}
        await world.api.merge(kinds.SECRET, world.namespace, "people", good)
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.condition("ConfigValid", "True", "Valid")
    config = await world.appears(kinds.SECRET, "orders-config")
    assert base64.b64decode(config["data"]["FLOWER_BASIC_AUTH"]).decode() == f"ann:{HASH}"


async def test_users_that_become_wrong_leave_the_running_monitor_with_those_it_has(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("people", users=f"ann:{HASH}"))
    async with world.controller():
        await world.create(access={"usersSecretRef": {"name": "people"}})
        await world.make_ready()
        await world.condition("Ready", "True")
        kept = [(kinds.SECRET, "orders-config"), (kinds.DEPLOYMENT, "orders-monitor")]
        before = [(await world.appears(kind, name)).get("data") for kind, name in kept]
        await world.api.merge(kinds.SECRET, world.namespace, "people", {"stringData": {"users": "nobody"}})
        await refused(world, "ConfigValid", "InvalidUsers", "line 1")
        await world.condition("WorkloadAvailable", "True")
        assert [(await world.appears(kind, name)).get("data") for kind, name in kept] == before


async def test_an_unknown_storage_class(world: World) -> None:
    async with world.controller():
        await world.create(storage={"storageClassName": "none-such"})
        await refused(world, "StorageReady", "StorageClassNotFound", "none-such (spec.storage.storageClassName)")


async def test_a_cluster_without_default_storage_class(world: World) -> None:
    async with world.controller():
        await world.create(storage={"size": "1Gi"})
        await refused(world, "StorageReady", "NoStorageClass", "spec.storage.storageClassName")


async def test_a_claim_that_waits_for_its_volume(world: World) -> None:
    async with world.controller():
        await world.create()
        found = await world.condition("StorageReady", "False", "ClaimPending")
        assert "orders-data" in found["message"]
        await world.condition("Reconciling", "True")
        await world.bind()
        await world.condition("StorageReady", "True")


async def test_an_image_that_cannot_be_pulled(world: World) -> None:
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
    container = {
        "name": "monitor",
        "image": "example.com/none:1",
        "imageID": "",
        "ready": False,
        "restartCount": 0,
        "state": waiting,
    }
    async with world.controller():
        await world.create(image="example.com/none:1")
        await world.bind()
        await world.set_pod({"phase": "Pending", "containerStatuses": [container]})
        await refused(world, "WorkloadAvailable", "ImagePullFailed", "example.com/none:1 can't be pulled")
        await world.set_pod(READY | {"containerStatuses": None})
        await world.condition("Ready", "True")


async def test_a_pod_that_crashes_shows_its_last_words(world: World) -> None:
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "message": "the store is not a database"}}
    container = {
        "name": "monitor",
        "image": "flower-operator:test",
        "imageID": "",
        "ready": False,
        "restartCount": 3,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": ended,
    }
    async with world.controller():
        await world.create()
        await world.bind()
        await world.set_pod({"phase": "Running", "containerStatuses": [container]})
        await refused(world, "WorkloadAvailable", "CrashLoopBackOff", "the store is not a database")


async def test_a_broker_that_cannot_be_reached(world: World) -> None:
    world.fake.summary["broker"] |= {"state": "disconnected", "last_error": "Connection refused"}
    async with world.controller():
        await world.create()
        await world.make_ready()
        await refused(world, "BrokerReachable", "BrokerUnreachable", "Connection refused")
        await world.condition("Stalled", "False")
        world.fake.summary["broker"] |= {"state": "connected", "last_error": None}
        await world.condition("BrokerReachable", "True")
        await world.condition("Ready", "True")


async def test_a_monitor_that_cannot_be_asked_is_not_called_broken(world: World) -> None:
    world.fake.status = 500
    async with world.controller():
        await world.create()
        await world.make_ready()
        found = await world.condition("BrokerReachable", "Unknown", "MonitorUnreachable")
        assert "HTTP status 500" in found["message"]
        await world.condition("Ready", "True")


FOREIGN: list[tuple[kinds.Kind, str, str, Manifest]] = [
    (kinds.SERVICE, "orders-monitor", "WorkloadAvailable", {"spec": {"ports": [{"port": 80}]}}),
    (kinds.SERVICE_ACCOUNT, "orders-monitor", "WorkloadAvailable", {}),
    (kinds.SECRET, "orders-config", "WorkloadAvailable", {"stringData": {"theirs": "yes"}}),
    (kinds.SECRET, "orders-credentials", "CredentialsReady", {"stringData": {"theirs": "yes"}}),
    (
        kinds.CLAIM,
        "orders-data",
        "StorageReady",
        {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}},
    ),
]


@pytest.mark.parametrize(
    ("kind", "name", "aspect", "body"), FOREIGN, ids=["service", "account", "config", "credentials", "claim"]
)
async def test_an_object_of_somebody_else_is_left_alone(
    world: World, kind: kinds.Kind, name: str, aspect: str, body: Manifest
) -> None:
    made = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name}} | body
    before = await world.api.create(kind, world.namespace, made)
    async with world.controller():
        await world.create()
        await refused(world, aspect, "ObjectNotOwned", f"{kind.kind} {name}")
        after = await world.appears(kind, name)
        for part in ("labels", "annotations", "ownerReferences"):
            assert after["metadata"].get(part) == before["metadata"].get(part)
        assert after.get("data") == before.get("data")
        assert await world.find(kinds.DEPLOYMENT, "orders-monitor") is None
        await world.delete(kind, name)
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")


async def test_what_kubernetes_does_not_take_is_said_with_its_words(world: World) -> None:
    """Two Services can't have one node port."""
    taken = {"type": "NodePort", "ports": [{"port": 80}]}
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "theirs"}, "spec": taken}
    port = (await world.api.create(kinds.SERVICE, world.namespace, body))["spec"]["ports"][0]["nodePort"]
    async with world.controller():
        await world.create(service={"type": "NodePort", "nodePort": port})
        await refused(world, "WorkloadAvailable", "ApplyRefused", "provided port is already allocated")
        await world.delete(kinds.SERVICE, "theirs")
        await world.appears(kinds.SERVICE, "orders-monitor")
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")


async def test_a_quota_that_is_used_up_is_said(world: World) -> None:
    body = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small"},
        "spec": {"hard": {"persistentvolumeclaims": "0"}},
    }
    quota = kinds.Kind("v1", "ResourceQuota", "resourcequotas")
    await world.api.create(quota, world.namespace, body)

    await until(lambda: holds(world), "a quota that holds")
    async with world.controller():
        await world.create()
        await refused(world, "StorageReady", "ApplyRefused", "exceeded quota")
        await world.delete(quota, "small")
        await world.appears(kinds.CLAIM, "orders-data")


async def holds(world: World) -> bool:
    """Whether the API server refuses a claim: it learns of a quota by watching, and of its status once more."""
    size = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    body = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"generateName": "probe-"}, "spec": size}
    try:
        await world.api.create(kinds.CLAIM, world.namespace, body)
    except Forbidden as error:
        return "exceeded quota" in error.message
    return False
