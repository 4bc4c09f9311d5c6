"""Deleting, recreating, suspending: what goes and what stays."""

import logging
from contextlib import suppress

import pytest
from prometheus_client import Histogram

from flower_operator import kinds
from flower_operator.exceptions import NotFound
from flower_operator.kinds import Manifest
from flower_operator.resources.metadata import KEPT

from .world import World, secret, until

pytestmark = pytest.mark.anyio

OWNED = [
    (kinds.DEPLOYMENT, "orders-monitor"),
    (kinds.SERVICE, "orders-monitor"),
    (kinds.SERVICE_ACCOUNT, "orders-monitor"),
    (kinds.SECRET, "orders-config"),
]
DATA = [(kinds.CLAIM, "orders-data"), (kinds.SECRET, "orders-credentials")]


async def uids(world: World) -> list[str]:
    return [(await world.appears(kind, name))["metadata"]["uid"] for kind, name in DATA]


async def test_retain_keeps_the_data_alone_and_a_new_monitor_finds_it(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        before = await uids(world)
        password = (await world.appears(kinds.SECRET, "orders-credentials"))["data"]["password"]
        await world.delete(kinds.FLOWER_MONITOR, "orders")
        for kind, name in OWNED:
            await world.vanishes(kind, name)
        assert await uids(world) == before
        await world.create()
        await world.make_ready()
        await world.condition("Ready", "True")
        assert await uids(world) == before
        assert (await world.appears(kinds.SECRET, "orders-credentials"))["data"]["password"] == password


async def test_data_is_kept_from_argo_cd(world: World) -> None:
    """It removes what has no owner and is not in Git, where it tracks by the label that names the instance. Data that
    was made before this was known gets the annotations too."""
    pruned = {"metadata": {"annotations": dict.fromkeys(KEPT)}}

    async def kept() -> bool:
        annotations = [(await world.appears(*place))["metadata"].get("annotations") or {} for place in DATA]
        return all(KEPT.items() <= one.items() for one in annotations)

    async with world.controller():
        await world.create()
        await until(kept, "annotations of new data")
    for kind, name in DATA:
        await world.api.merge(kind, world.namespace, name, pruned)
    async with world.controller():
        await until(kept, "annotations of older data")


async def test_what_is_done_is_on_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    async def said(text: str) -> None:
        async def there() -> bool:
            return any(line.getMessage() == text and of(line) == key for line in caplog.records)

        await until(there, text)

    def of(line: logging.LogRecord) -> str:
        return str(getattr(line, "key", ""))

    key = f"{world.namespace}/orders"
    async with world.controller():
        await world.create()
        await said("made Deployment orders-monitor")
        await said("made Secret orders-credentials")
        await world.change(podTemplate={"nodeSelector": {"disk": "fast"}})
        await said("changed Deployment orders-monitor: spec.template.spec.nodeSelector")


async def test_a_namespace_that_was_restored_goes_on_as_it_was(world: World) -> None:
    """As by Velero: the objects are new ones, without owners and status."""
    owned = [*OWNED, *DATA, (kinds.FLOWER_MONITOR, "orders")]
    async with world.controller():
        await world.create()
        await world.make_ready()
        await world.condition("Ready", "True")
    saved = {place: restorable(await world.appears(*place)) for place in owned}
    for place in reversed(owned):
        with suppress(NotFound):  # Kubernetes removes what the FlowerMonitor owned
            await world.delete(*place)
    for place in owned:
        if place[0] is not kinds.CLAIM:  # which a finalizer keeps until its pod is gone
            await world.vanishes(*place)
    for (kind, name), body in saved.items():
        if await world.find(kind, name) is None:
            await world.api.create(kind, world.namespace, body)
    async with world.controller():
        new = (await world.appears(kinds.FLOWER_MONITOR, "orders"))["metadata"]["uid"]

        async def adopted() -> bool:
            live = [await world.appears(*place) for place in OWNED]
            return all([owner["uid"] for owner in one["metadata"].get("ownerReferences", [])] == [new] for one in live)

        await until(adopted, "children of the new FlowerMonitor")
        password = (await world.appears(kinds.SECRET, "orders-credentials"))["data"]["password"]
    assert password == saved[kinds.SECRET, "orders-credentials"]["data"]["password"]


def restorable(body: Manifest) -> Manifest:
    """An object as a backup brings it back."""
    kept = ("name", "namespace", "labels", "annotations")
    spec = {name: value for name, value in body.get("spec", {}).items() if name not in ("clusterIP", "clusterIPs")}
    meta = {name: body["metadata"][name] for name in kept if name in body["metadata"]}
    rest = {name: value for name, value in body.items() if name != "status"}
    return {**rest, "metadata": meta, **({"spec": spec} if spec else {})}


async def test_delete_removes_the_data_too(world: World) -> None:
    async with world.controller():
        await world.create(storage={"storageClassName": "tests", "retentionPolicy": "Delete"})
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.delete(kinds.FLOWER_MONITOR, "orders")
        for kind, name in OWNED + DATA:
            await world.vanishes(kind, name)


@pytest.mark.parametrize(("first", "second", "owners"), [("Retain", "Delete", 1), ("Delete", "Retain", 0)])
async def test_the_retention_policy_can_change(world: World, first: str, second: str, owners: int) -> None:
    async with world.controller():
        await world.create(storage={"storageClassName": "tests", "retentionPolicy": first})
        before = await uids(world)
        await world.change(storage={"retentionPolicy": second})

        async def owned() -> bool:
            live = [await world.appears(kind, name) for kind, name in DATA]
            return [len(one["metadata"].get("ownerReferences", [])) for one in live] == [owners, owners]

        await until(owned, f"{owners} owners")
        assert await uids(world) == before


async def test_deleting_needs_no_controller(world: World) -> None:
    """No finalizer: a FlowerMonitor can be deleted although the operator is gone."""
    async with world.controller():
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
    assert "finalizers" not in (await world.appears(kinds.FLOWER_MONITOR, "orders"))["metadata"]
    await world.delete(kinds.FLOWER_MONITOR, "orders")
    await world.vanishes(kinds.FLOWER_MONITOR, "orders")
    for kind, name in OWNED:
        await world.vanishes(kind, name)


async def test_suspend_stops_the_pod_and_keeps_everything(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.make_ready()
        await world.condition("Ready", "True")
        kept = OWNED + DATA
        before = [(await world.appears(kind, name))["metadata"]["uid"] for kind, name in kept]
        await world.change(suspend=True)
        await world.condition("Suspended", "True")
        await world.condition("Ready", "True", "Suspended")

        async def no_pod() -> bool:
            return not await world.api.list(kinds.POD, world.namespace, "app.kubernetes.io/instance=orders")

        await until(no_pod, "no pod")
        assert [(await world.appears(kind, name))["metadata"]["uid"] for kind, name in kept] == before
        assert (await world.condition("Stalled", "False"))["reason"] == "NotStalled"


async def test_resume_starts_it_again(world: World) -> None:
    async with world.controller():
        await world.create(suspend=True)
        await world.condition("Ready", "True", "Suspended")
        assert "Ready" not in [reason for _, reason, _ in await world.events()]
        await world.change(suspend=False)
        await world.make_ready()
        await world.condition("Ready", "True", "Running")
        await world.condition("Suspended", "False")


PAUSE = {"metadata": {"annotations": {"flower-operator.io/reconcile": "disabled"}}}
RESUME = {"metadata": {"annotations": {"flower-operator.io/reconcile": None}}}


async def test_a_paused_monitor_is_left_as_it_is_until_it_is_resumed(world: World) -> None:
    async with world.controller() as app:
        await world.create()
        await world.make_ready()
        await world.condition("Ready", "True")
        await world.api.merge(kinds.FLOWER_MONITOR, world.namespace, "orders", PAUSE)
        await world.condition("Paused", "True", "Paused")
        before = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.change(resources={"limits": {"memory": "1Gi"}})
        await world.delete(kinds.SERVICE, "orders-monitor")
        looked = app.metrics.durations

        async def looked_again() -> bool:
            return count(looked) > seen

        seen = count(looked)
        await until(looked_again, "a look after the change")
        after = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        assert after["metadata"]["generation"] == before["metadata"]["generation"]
        assert await world.find(kinds.SERVICE, "orders-monitor") is None
        assert ("Normal", "Paused") in [event[:2] for event in await world.events()]
        await world.api.merge(kinds.FLOWER_MONITOR, world.namespace, "orders", RESUME)
        await world.appears(kinds.SERVICE, "orders-monitor")
        await world.condition("Paused", "False")


def count(histogram: Histogram) -> float:
    """Reconciles that have ended."""
    return next(sample.value for one in histogram.collect() for sample in one.samples if sample.name.endswith("_count"))


async def test_an_existing_claim_is_used_and_never_touched(world: World) -> None:
    body = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "history"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    before = await world.api.create(kinds.CLAIM, world.namespace, body)
    async with world.controller():
        await world.create(storage={"existingClaim": "history"})
        await world.bind("history")
        await world.set_pod({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]})
        await world.condition("Ready", "True")
        assert await world.find(kinds.CLAIM, "orders-data") is None
        after = await world.appears(kinds.CLAIM, "history")
    for part in ("labels", "annotations", "ownerReferences"):
        assert after["metadata"].get(part) == before["metadata"].get(part)
    assert after["spec"] == before["spec"]


async def test_credentials_of_ones_own_are_used(world: World) -> None:
    await world.api.create(kinds.SECRET, world.namespace, secret("login", username="me", password="mine"))
    async with world.controller():
        await world.create(access={"adminSecretRef": {"name": "login"}})
        live = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        assert await world.find(kinds.SECRET, "orders-credentials") is None
    volumes = {volume["name"]: volume for volume in live["spec"]["template"]["spec"]["volumes"]}
    assert volumes["credentials"]["secret"]["secretName"] == "login"


async def test_several_monitors_in_one_namespace_do_not_meet(world: World) -> None:
    async with world.controller():
        for name in ("orders", "orders-monitor", "a"):
            await world.create(name)
        for name in ("orders", "orders-monitor", "a"):
            live = await world.appears(kinds.DEPLOYMENT, f"{name}-monitor")
            assert live["metadata"]["ownerReferences"][0]["name"] == name
            await world.appears(kinds.CLAIM, f"{name}-data")
