"""Deletion costs at a real API server: who is written to, how often, and what a real ReplicaSet makes of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from flower_operator import constants, kinds, spec
from flower_operator.controller import costs
from flower_operator.controller.costs import EVERY, DeletionCosts
from flower_operator.controller.observation import Observation
from flower_operator.controller.rights import PATCH_PODS, allowed
from flower_operator.controller.status import COSTS
from flower_operator.exceptions import Forbidden
from flower_operator.kinds import POD, Kind, Manifest, Manifests
from flower_operator.kube import connect
from flower_operator.resources.deletion_cost import ANNOTATION
from flower_operator.spec import Monitor

from . import rbac
from . import world as worlds
from .world import World, until

pytestmark = pytest.mark.anyio

REPLICA_SET = Kind("apps/v1", "ReplicaSet", "replicasets")
LABELS = {"app": "worker"}
SELECTOR = "app=worker"
ASKED = {"matchLabels": LABELS, "deletionCost": "ActiveTasks"}
POD_SPEC = {"containers": [{"name": "worker", "image": "worker"}]}
SOMEBODY = "somebody"


@pytest.fixture
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "EVERY", 0.2)


async def pods(world: World) -> Manifests:
    """Pods of workers."""
    found = await world.api.list(POD, world.namespace, SELECTOR)
    return [one for one in found if "deletionTimestamp" not in one["metadata"]]


async def found_costs(world: World) -> dict[str, str]:
    """Costs by pod, of those that have one."""
    annotations = {one["metadata"]["name"]: one["metadata"].get("annotations") or {} for one in await pods(world)}
    return {name: found[ANNOTATION] for name, found in annotations.items() if ANNOTATION in found}


async def has_costs(world: World, wanted: dict[str, str]) -> None:
    """Wait for just these."""

    async def same() -> bool:
        return await found_costs(world) == wanted

    await until(same, f"costs {wanted}")


async def make_pods(world: World, *names: str) -> None:
    """Make pods of workers, as soon as the namespace has its ServiceAccount."""
    for name in names:
        meta = {"name": name, "labels": LABELS}

        async def made(meta: Manifest = meta) -> bool:
            try:
                await world.api.create(POD, world.namespace, {"metadata": meta, "spec": POD_SPEC})
            except Forbidden:
                return False
            return True

        await until(made, f"pod {name}")


async def annotate(world: World, name: str, value: str) -> None:
    """Set a cost as somebody else."""
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": {ANNOTATION: value}}}
    await world.api.apply(POD, world.namespace, body, SOMEBODY)


async def take_off(world: World, name: str) -> None:
    """Take a cost off, as `kubectl annotate` does."""
    await world.api.merge(POD, world.namespace, name, {"metadata": {"annotations": {ANNOTATION: None}}})


async def replica_set(world: World, replicas: int) -> list[str]:
    """Make a ReplicaSet of workers, and return the names of its pods."""
    template = {"metadata": {"labels": LABELS}, "spec": POD_SPEC}
    wanted = {"replicas": replicas, "selector": {"matchLabels": LABELS}, "template": template}
    await world.api.create(REPLICA_SET, world.namespace, {"metadata": {"name": "workers"}, "spec": wanted})

    async def there() -> bool:
        return len(await pods(world)) == replicas

    await until(there, f"{replicas} pods")
    return [one["metadata"]["name"] for one in await pods(world)]


async def ready_since(world: World, name: str, since: str) -> None:
    """Let a pod be ready, as kubelet would."""
    condition = {"type": "Ready", "status": "True", "lastTransitionTime": since}
    status = {"phase": "Running", "conditions": [condition]}
    await world.api.merge(POD, world.namespace, name, {"status": status}, sub="status")


@pytest.mark.usefixtures("_often")
async def test_a_replica_set_that_is_scaled_down_removes_the_idle_pod(world: World) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    busy, idle = await replica_set(world, 2)
    # The one that is ready for less time goes first by itself.
    await ready_since(world, busy, datetime.now(UTC).strftime(constants.TIME_FORMAT))
    await ready_since(world, idle, "2026-01-01T00:00:00Z")
    world.fake.works(busy, 5)
    world.fake.works(idle, 0)
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        await has_costs(world, {busy: "4"})
        await world.api.merge(REPLICA_SET, world.namespace, "workers", {"spec": {"replicas": 1}})

        async def one_is_left() -> bool:
            return len(await pods(world)) == 1

        await until(one_is_left, "one pod")
    assert [one["metadata"]["name"] for one in await pods(world)] == [busy]


@pytest.mark.usefixtures("_often")
@pytest.mark.parametrize("change", [{"workerPods": {"deletionCost": None}}, {"workerPods": None}, {"suspend": True}])
async def test_costs_are_taken_off_when_nobody_asks_for_them_any_more(world: World, change: Manifest) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    await make_pods(world, "a", "b")
    await annotate(world, "b", "7")
    world.fake.works("a", 1)
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        await has_costs(world, {"a": "1", "b": "7"})
        await world.change(**change)
        await has_costs(world, {"b": "7"})

        async def forgotten() -> bool:
            return COSTS not in (await world.appears(kinds.FLOWER_MONITOR, "orders"))["status"]

        await until(forgotten, f"no {COSTS}")


@pytest.mark.usefixtures("_often")
async def test_costs_go_from_pods_of_other_labels(world: World) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    await make_pods(world, "a")
    world.fake.works("a", 1)
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        await has_costs(world, {"a": "1"})
    async with world.controller():
        await world.change(workerPods={"matchLabels": {"app": None, "tier": "other"}})
        await has_costs(world, {})


@pytest.mark.usefixtures("_often")
async def test_a_missing_right_is_said_before_a_pod_is_busy(world: World) -> None:
    await make_pods(world, "a")
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        found = await world.condition("IntegrationsReady", "False", "PodsUnpatchable")
        assert "verb patch on pods: rbac.patchPods=true" in found["message"]
        await world.condition("Ready", "True")
        world.fake.works("a", 1)
        await rbac.let_patch_pods(world.api, world.namespace)
        await has_costs(world, {"a": "1"})
        await world.condition("IntegrationsReady", "True")


@pytest.mark.usefixtures("_often")
async def test_costs_that_can_not_be_taken_off_are_said_until_somebody_else_does(world: World) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    await make_pods(world, "a")
    world.fake.works("a", 1)
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        await has_costs(world, {"a": "1"})
    await world.delete(rbac.ROLE_BINDING, rbac.PATCH)
    async with world.controller():
        await world.change(workerPods=None)
        found = await world.condition("IntegrationsReady", "False", "CostsRemain")
        assert f"annotate pods -l '{SELECTOR}' {ANNOTATION}-" in found["message"]
        await take_off(world, "a")
        await world.condition("IntegrationsReady", "True")


@pytest.mark.usefixtures("_often")
async def test_a_cost_that_somebody_else_sets_is_left_alone_and_said(world: World) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    await make_pods(world, "a", "b")
    world.fake.works("a", 1)
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        await has_costs(world, {"a": "1"})
        await annotate(world, "a", "9")
        found = await world.condition("IntegrationsReady", "False", "CostNotOwned")
        assert SOMEBODY in found["message"]
        world.fake.works("b", 2)
        await has_costs(world, {"a": "9", "b": "2"})
        await take_off(world, "a")
        await has_costs(world, {"a": "1", "b": "2"})
        await world.condition("IntegrationsReady", "True")


@pytest.mark.usefixtures("_often")
async def test_a_monitor_that_can_not_tell_of_workers_is_said(world: World) -> None:
    await rbac.let_patch_pods(world.api, world.namespace)
    world.fake.workers = [{"hostname": 3}]
    async with world.controller():
        await world.create(workerPods=ASKED)
        await world.make_ready()
        found = await world.condition("IntegrationsReady", "False", "WorkersUnread")
        assert "no usable answer (ValidationError)" in found["message"]


class Passes:
    """Passes over a namespace by a clock that stands still, with the operator's own rights."""

    def __init__(self, world: World, subject: DeletionCosts, counted: list[str]) -> None:
        self._world = world
        self._subject = subject
        self.counted = counted
        self.now = 0.0

    async def settle(self, seen: Manifests | None = None, **active: int) -> costs.Settled:
        """One, of workers that run so much, over the pods as they were seen; None: as they are."""
        answer = Observation(broker_state="connected", active=active)
        seen = await pods(self._world) if seen is None else seen
        return await self._subject.settle(self._monitor(), seen, answer)

    def _monitor(self) -> Monitor:
        asked = worlds.monitor(workerPods=ASKED) | {"status": {COSTS: SELECTOR}}
        meta = {"name": "orders", "namespace": self._world.namespace, "uid": "uid"}
        return spec.parse(asked | {"metadata": meta})


@pytest.fixture
async def passes(world: World) -> AsyncIterator[Passes]:
    await rbac.let_patch_pods(world.api, world.namespace)
    counted: list[str] = []
    async with connect(world.configuration) as api:
        subject = DeletionCosts(api, lambda: made.now, counted.append)
        made = Passes(world, subject, counted)

        async def may() -> bool:
            return (await made.settle()).finding is None

        await until(may, "the right to patch pods")
        yield made


async def test_pods_are_written_to_once_in_a_while(world: World, passes: Passes) -> None:
    await make_pods(world, "a")
    await passes.settle(a=1)
    passes.now = EVERY - 1.0
    await passes.settle(a=2)
    assert await found_costs(world) == {"a": "1"}
    passes.now = EVERY
    await passes.settle(a=2)
    assert await found_costs(world) == {"a": "2"}


async def test_what_has_not_changed_is_not_written(world: World, passes: Passes) -> None:
    await make_pods(world, "a")
    for passes.now in (0.0, EVERY, 2 * EVERY):
        await passes.settle(a=1)
    assert passes.counted == ["set"]


async def test_a_pass_writes_to_so_many_pods_at_most(
    world: World, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "MOST", 2)
    await make_pods(world, "a", "b", "c")
    await passes.settle(a=1, b=1, c=1)
    assert len(await found_costs(world)) == 2
    passes.now = EVERY
    await passes.settle(a=1, b=1, c=1)
    assert await found_costs(world) == {"a": "1", "b": "1", "c": "1"}


async def test_a_pod_that_may_not_be_written_to_keeps_no_other_from_its_cost(world: World, passes: Passes) -> None:
    await make_pods(world, "a", "b")
    rule = rbac.rules([PATCH_PODS])[0] | {"resourceNames": ["b"]}
    await world.api.merge(rbac.ROLE, world.namespace, rbac.PATCH, {"rules": [rule]})

    async def may_not() -> bool:
        async with connect(world.configuration) as api:
            return not await allowed(api, PATCH_PODS, "patch", world.namespace)

    await until(may_not, "no right to patch each pod")
    settled = await passes.settle(a=8, b=1)
    assert await found_costs(world) == {"b": "1"}
    assert settled.finding is not None
    assert (settled.finding.reason, passes.counted) == ("CostRefused", ["refused", "set"])
    assert 'pods "POD" is forbidden' in settled.finding.message


async def test_somebody_who_was_faster_keeps_his_cost(world: World, passes: Passes) -> None:
    """They came between our look and our write; so did the end of the other pod, which is not made anew."""
    await make_pods(world, "a", "gone")
    before = await pods(world)
    await annotate(world, "a", "9")
    await world.delete(POD, "gone")
    settled = await passes.settle(before, a=1, gone=1)
    assert (settled.finding, passes.counted) == (None, ["left", "left"])
    assert await found_costs(world) == {"a": "9"}
