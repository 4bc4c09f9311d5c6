"""What tests of faults look at afterwards."""

from collections import Counter
from typing import Any

import pytest

from flower_operator import kinds
from flower_operator.controller.app import App
from flower_operator.kinds import Kind, Manifest
from tests.operator.world import World, until

REPLICA_SET = Kind("apps/v1", "ReplicaSet", "replicasets")

CHILDREN = {
    "Deployment": 1,
    "ReplicaSet": 1,
    "Service": 1,
    "ServiceAccount": 1,
    "Secret": 2,
    "PersistentVolumeClaim": 1,
}
"""What one FlowerMonitor has in its namespace, of each kind: the Secrets are its settings and its credentials."""


async def serves(world: World, name: str = "orders") -> None:
    """Let the pod of a monitor become ready, and wait until the operator says that all is well."""
    await world.bind(f"{name}-data")

    async def ready() -> bool:
        # Again and again: there may be one more, which Kubernetes is about to remove with the Deployment before.
        await world.ready_pods(name)
        body = await world.appears(kinds.FLOWER_MONITOR, name)
        made = {one["type"]: one["status"] for one in body.get("status", {}).get("conditions", [])}
        return made.get("Ready") == "True"

    await until(ready, f"{name} is ready")
    await world.condition("Stalled", "False", name=name)


async def census(world: World, name: str = "orders") -> Counter[str]:
    """Count what belongs to a monitor, by its owner or, where the data has none, by its label."""
    kinds_of_children = (kinds.DEPLOYMENT, kinds.SERVICE, kinds.SERVICE_ACCOUNT, kinds.SECRET, kinds.CLAIM, REPLICA_SET)
    found: Counter[str] = Counter()
    for kind in kinds_of_children:
        for body in await world.api.list(kind, world.namespace):
            found[kind.kind] += _belongs(body, name)
    return +found


def _belongs(body: Manifest, name: str) -> bool:
    meta = body["metadata"]
    owners = {owner["name"] for owner in meta.get("ownerReferences", [])}
    labelled = (meta.get("labels") or {}).get("app.kubernetes.io/instance")
    return labelled == name or bool(owners & {name, f"{name}-monitor"})


async def single(world: World, name: str = "orders") -> None:
    """Claim that nothing was made twice; what was deleted meanwhile may still be on its way out."""
    last: Counter[str] = Counter()

    async def as_it_should() -> bool:
        last.clear()
        last.update(await census(world, name))
        return last == CHILDREN

    try:
        await until(as_it_should, f"one of each child of {name}")
    except AssertionError as error:
        raise AssertionError(f"{error}; there are {dict(last)}") from None


def counted(app: App, metric: str, **labels: str) -> float:
    """A counter of the controller, added up over the labels that are not given."""
    samples = (sample for found in app.metrics.registry.collect() for sample in found.samples)
    return sum(
        sample.value
        for sample in samples
        if sample.name == f"flower_operator_{metric}" and labels.items() <= sample.labels.items()
    )


async def count(app: App, metric: str, least: float = 1, **labels: str) -> None:
    """Wait until a counter has so many."""

    async def enough() -> bool:
        return counted(app, metric, **labels) >= least

    await until(enough, f"{least} of {metric} {labels}")


async def leads(app: App) -> None:
    """Wait until the controller has started and holds the Lease: a fault is then about the work alone."""
    await count(app, "leader")


async def said(caplog: pytest.LogCaptureFixture, *texts: str) -> None:
    """Wait for a line of the log that has all of the texts."""

    async def found() -> bool:
        lines = [record.getMessage() for record in caplog.records]
        return any(all(text in line for text in texts) for line in lines)

    await until(found, f"on the log: {texts}")


async def met(hits: list[Any], least: int = 1) -> None:
    """Wait until a fault was done to so many calls."""

    async def enough() -> bool:
        return len(hits) >= least

    await until(enough, f"{least} calls that meet the fault")
