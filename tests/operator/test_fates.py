"""What became of workers' pods is found out, remembered, and told to the monitor."""

import json
from typing import Any

import pytest

from flower_operator import kinds
from flower_operator.controller.checks import refusal
from flower_operator.controller.findings import State
from flower_operator.exceptions import Forbidden
from flower_operator.kinds import Manifest
from flower_operator.resources import fates
from flower_operator.resources.fates import Fate, fate, merged

from .made import monitor
from .world import World, until

AT = "2026-01-02T03:04:05Z"
LATER = "2026-01-02T04:00:00Z"
OOM = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": AT}


def pod(name: str = "worker-1", **status: Any) -> Manifest:
    return {"metadata": {"name": name}, "status": status}


def container(name: str = "worker", **states: Any) -> dict[str, Any]:
    return {"name": name, **{state: {"terminated": ended} for state, ended in states.items()}}


def test_a_container_that_was_killed_and_runs_again() -> None:
    assert fate(pod(containerStatuses=[container(lastState=OOM)])) == Fate("OOMKilled", AT, 137, "worker")


def test_of_several_ends_the_last_one_counts() -> None:
    last = {"reason": "Error", "exitCode": 1, "finishedAt": LATER}
    found = fate(pod(containerStatuses=[container(lastState=OOM), container("proxy", state=last)]))
    assert found == Fate("Error", LATER, 1, "proxy")


def test_an_evicted_pod_is_no_killed_container() -> None:
    found = fate(pod(reason="Evicted", phase="Failed", containerStatuses=[container(state=OOM)]))
    assert found == Fate("Evicted", AT, 137, "worker")


def test_a_lost_node() -> None:
    condition = {"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager"}
    assert fate(pod(conditions=[{**condition, "lastTransitionTime": AT}])) == Fate("DeletionByTaintManager", AT)


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"containerStatuses": [{"name": "worker", "state": {"running": {}}}]},
        {"conditions": [{"type": "DisruptionTarget", "status": "False", "reason": "x"}]},
    ],
)
def test_a_pod_that_runs_has_no_fate(status: dict[str, Any]) -> None:
    assert fate(pod(**status)) is None


def known(**found: Fate) -> Manifest:
    return fates.fates_map(monitor(), found)


def test_a_pod_that_is_gone_is_remembered() -> None:
    assert merged(known(gone=Fate("Evicted", AT)), [pod()]) == {"gone": Fate("Evicted", AT)}


def test_a_later_end_takes_the_place_of_the_one_before() -> None:
    now = pod(containerStatuses=[container(lastState=OOM | {"finishedAt": LATER})])
    assert merged(fates.fates_map(monitor(), {"worker-1": Fate("Error", AT)}), [now])["worker-1"].at == LATER


def test_only_the_newest_are_remembered() -> None:
    ended = [pod(f"w{n:04}", containerStatuses=[container(state=OOM | {"finishedAt": f"{n:04}"})]) for n in range(400)]
    assert list(merged(None, ended)) == [f"w{n:04}" for n in range(100, 400)]


@pytest.mark.parametrize("data", [None, {}, {"pods.json": "none"}, {"pods.json": '{"pods": {"a": 1}}'}])
def test_a_map_that_somebody_else_wrote_is_empty(data: Any) -> None:
    assert merged({"data": data}, []) == {}


def test_the_selector_has_all_labels() -> None:
    assert fates.selector({"tier": "", "app": "worker"}) == "app=worker,tier="


def test_a_missing_right_is_said_and_stops_nothing() -> None:
    found = refusal.pods_unreadable(monitor(), Forbidden(403, "Forbidden", "pods is forbidden"))
    assert (found.state, found.reason) == (State.LACKING, "PodsUnreadable")
    assert "remove spec.workerPods" in found.message


@pytest.mark.anyio
async def test_the_monitor_is_told_of_a_worker_that_was_killed(world: World) -> None:
    meta = {"name": "worker-1", "labels": {"app": "worker"}}
    spec = {"containers": [{"name": "worker", "image": "worker"}]}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
    await until(lambda: created(world, body), "a pod of a worker")
    async with world.controller():
        await world.create(workerPods={"matchLabels": {"app": "worker"}})
        await world.appears(kinds.CONFIG_MAP, "orders-pods")
        running = {"name": "worker", "image": "worker", "imageID": "", "ready": True, "restartCount": 1}
        status = {"containerStatuses": [running | {"lastState": {"terminated": OOM}}]}
        await world.api.merge(kinds.POD, world.namespace, "worker-1", {"status": status}, sub="status")
        assert await until(lambda: told(world), "its fate") == {
            "worker-1": {"at": AT, "container": "worker", "exitCode": 137, "reason": "OOMKilled"}
        }
        await world.change(workerPods=None)
        await world.vanishes(kinds.CONFIG_MAP, "orders-pods")


async def created(world: World, body: Manifest) -> bool:
    """A pod needs the namespace's ServiceAccount, which the controller-manager makes."""
    try:
        await world.api.create(kinds.POD, world.namespace, body)
    except Forbidden:
        return False
    return True


async def told(world: World) -> Any:
    live = await world.appears(kinds.CONFIG_MAP, "orders-pods")
    return json.loads(live["data"]["pods.json"])["pods"]
