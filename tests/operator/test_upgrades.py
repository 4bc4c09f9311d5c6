"""A new image of the operator's reaches monitors a few at a time, and stops at those that it breaks."""

from typing import Any

import msgspec
import pytest

from flower_operator import kinds
from flower_operator.controller.upgrades import PATIENCE, Upgrades
from flower_operator.kinds import DEPLOYMENT, Manifest
from flower_operator.resources.render import Child, Context, render
from flower_operator.spec import Monitor

from .made import monitor
from .world import World, until

SEEN = {"observedGeneration": 1}
NEW = Context(monitor_image="flower-operator:new", fleet_key=b"k" * 32)


class Clock:
    """Stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def children(subject: Monitor, context: Context = NEW) -> list[Child]:
    return render(subject, context)


def live(subject: Monitor, available: int = 1, **changes: Any) -> Manifest:
    """The Deployment that an older operator made, as Kubernetes has it."""
    old = Context(monitor_image="flower-operator:old", fleet_key=b"k" * 32)
    (made,) = (child.manifest for child in children(subject, old) if child.kind is DEPLOYMENT)
    counts = {"observedGeneration": 1, "availableReplicas": available, "updatedReplicas": 1}
    return {**made, "metadata": {**made["metadata"], "generation": 1, **changes}, "status": counts}


def named(name: str) -> Monitor:
    """A FlowerMonitor whose spec was seen before."""
    return msgspec.structs.replace(monitor(SEEN), name=name)


def waits(upgrades: Upgrades, subject: Monitor) -> bool:
    return upgrades.waits(subject, children(subject), live(subject))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(clock: Clock) -> Upgrades:
    """One at a time, and one is away."""
    made = Upgrades(1, clock)
    assert not waits(made, named("first"))
    return made


def test_the_next_waits_until_the_one_before_is_back(one: Upgrades) -> None:
    assert waits(one, named("second"))
    one.saw(named("first"), live(named("first")))
    assert not waits(one, named("second"))


def test_one_that_is_away_counts_once(one: Upgrades) -> None:
    assert not waits(one, named("first"))


def test_one_that_is_not_back_is_still_away(one: Upgrades) -> None:
    one.saw(named("first"), live(named("first"), available=0))
    assert waits(one, named("second"))


def test_one_that_does_not_come_back_holds_nobody_up_for_good(one: Upgrades, clock: Clock) -> None:
    clock.now = PATIENCE
    assert not waits(one, named("second"))


def test_one_that_is_deleted_is_waited_for_no_more(one: Upgrades) -> None:
    one.forget(named("first").key)
    assert not waits(one, named("second"))


def test_what_a_person_changed_is_done_at_once(one: Upgrades) -> None:
    edited = monitor(SEEN, generation=2)
    assert not waits(one, edited)


def test_one_that_does_not_serve_has_nothing_to_lose(one: Upgrades) -> None:
    subject = named("second")
    assert not one.waits(subject, children(subject), live(subject, available=0))


def test_another_change_than_the_image_waits_for_nobody(one: Upgrades) -> None:
    """Such as of a Secret: the old password may be good no longer."""
    subject = named("second")
    same = Context(monitor_image="flower-operator:old", fleet_key=b"other" * 8)
    assert not one.waits(subject, children(subject, same), live(subject))


def test_somebody_elses_deployment_is_none_that_waits(one: Upgrades) -> None:
    subject = named("second")
    assert not one.waits(subject, children(subject), live(subject, ownerReferences=[], labels={}))


@pytest.mark.anyio
async def test_an_upgrade_goes_on_as_monitors_come_back(world: World) -> None:
    names = ("first", "second", "third")
    async with world.controller():
        for name in names:
            await world.create(name)
        for name in names:
            await world.make_ready(name)
            await world.condition("Ready", "True", name=name)
    async with world.controller(monitor_image="flower-operator:new", monitor_max_unavailable=1):
        left = set(names)
        while left:
            (taken,) = await until(lambda left=left: upgraded(world, left), "one that is upgraded")  # type: ignore[misc] # bound on purpose
            left.discard(taken)
            for name in left:
                await world.condition("WorkloadAvailable", "True", "UpgradeWaiting", name)
                await world.condition("Ready", "True", "Running", name)
            assert await upgraded(world, left) == []
            await world.make_ready(taken)


async def upgraded(world: World, names: set[str]) -> list[str]:
    """Which of these have the new image."""
    found = {name: await world.appears(kinds.DEPLOYMENT, f"{name}-monitor") for name in names}
    images = {name: body["spec"]["template"]["spec"]["containers"][0]["image"] for name, body in found.items()}
    return [name for name, image in images.items() if image == "flower-operator:new"]
