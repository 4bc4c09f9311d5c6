"""Nothing is written when nothing changes, and only a change is told."""

import asyncio
from pathlib import Path

import pytest
import yaml

from flower_operator import kinds
from flower_operator.controller.app import App

from .world import World, until

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent / "golden" / "input"
QUIET = 4.0
"""Seconds in which a settled monitor is looked at several times (`verify_after` is 1 s here)."""


def writes(app: App) -> float:
    """Writes to the API server so far, the Lease's aside."""
    return sum(
        sample.value
        for metric in app.metrics.calls.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
        and sample.labels["verb"] not in ("get", "list")
        and sample.labels["resource"] not in ("leases", "selfsubjectaccessreviews")
    )


def reconciles(app: App) -> float:
    """Reconciles so far."""
    return sum(
        sample.value
        for metric in app.metrics.reconciles.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    )


async def settled(world: World, app: App) -> None:
    """Wait until a reconcile has passed without a write."""
    await world.condition("Ready", "True")
    last = [-1.0, -1.0]

    async def same() -> bool:
        now = [writes(app), reconciles(app)]
        quiet = now[0] == last[0] and now[1] > last[1] + 1
        if now[0] != last[0]:
            last[:] = now
        return quiet

    await until(same, "no more writes")


async def watch_quietly(app: App) -> tuple[float, float]:
    """Writes and reconciles in the next seconds, and until there were two: a busy machine gets to few."""
    before = writes(app), reconciles(app)
    await asyncio.sleep(QUIET)

    async def twice() -> bool:
        return reconciles(app) - before[1] >= 2

    await until(twice, "two looks")
    return writes(app) - before[0], reconciles(app) - before[1]


async def test_a_settled_monitor_is_looked_at_and_not_written(world: World) -> None:
    async with world.controller() as app:
        await world.create(resources={"limits": {"cpu": "1000m", "memory": "1024Mi"}})
        await world.make_ready()
        await settled(world, app)
        written, looked = await watch_quietly(app)
    assert looked >= 2
    assert written == 0


async def test_a_monitor_that_asks_for_much_is_not_written_either(world: World) -> None:
    """Values that the API server fills in or writes otherwise would be applied for ever."""
    spec = {part: yaml.safe_load((GOLDEN / f"{part}.yaml").read_text())["spec"] for part in ("pod", "integrated")}
    joined = {name: spec["integrated"][name] for name in ("ingress", "networkPolicy", "podDisruptionBudget")}
    template = spec["pod"]["podTemplate"]
    del template["serviceAccountName"]  # no pod is made for an account that is not there
    async with world.controller() as app:
        await world.create(podTemplate=template, monitoring={"dashboard": {}}, **joined)
        await world.make_ready()
        await settled(world, app)
        written, _ = await watch_quietly(app)
    assert written == 0


async def test_a_restarted_controller_writes_nothing(world: World) -> None:
    async with world.controller() as app:
        await world.create()
        await world.make_ready()
        await settled(world, app)
    async with world.controller() as app:
        await until(lambda: _looked(app), "a reconcile")
        written, _ = await watch_quietly(app)
        assert written == 0
        assert writes(app) == 0


async def _looked(app: App) -> bool:
    return reconciles(app) >= 1


async def test_a_refusal_that_lasts_is_one_event_and_one_status(world: World) -> None:
    async with world.controller() as app:
        await world.create(broker={"urlSecretRef": {"name": "none"}})
        await world.condition("BrokerReachable", "False", "SecretNotFound")
        await watch_quietly(app)
        written, looked = await watch_quietly(app)
        events = [event for event in await world.events() if event[1] == "SecretNotFound"]
    assert looked >= 2
    assert written == 0
    assert len(events) == 1


async def test_a_restart_repeats_no_event(world: World) -> None:
    for _ in range(2):
        async with world.controller() as app:
            if await world.find(kinds.FLOWER_MONITOR, "orders") is None:
                await world.create(broker={"urlSecretRef": {"name": "none"}})
            await world.condition("BrokerReachable", "False", "SecretNotFound")
            await until(lambda app=app: _looked(app), "a reconcile")  # type: ignore[misc] # bound on purpose
    events = [event for event in await world.events() if event[1] == "SecretNotFound"]
    assert len(events) == 1


async def test_a_change_of_the_spec_is_told_in_observed_generation(world: World) -> None:
    async with world.controller():
        await world.create()
        await world.condition("StorageReady", "False")
        await world.change(retention={"tasks": 5})

        async def observed() -> bool:
            live = await world.appears(kinds.FLOWER_MONITOR, "orders")
            return bool(live["status"]["observedGeneration"] == live["metadata"]["generation"] == 2)

        await until(observed, "generation 2")
