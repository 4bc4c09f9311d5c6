"""One leader: against a real API server, with clocks that tests turn."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from flower_operator import kinds
from flower_operator.config import ControllerConfig
from flower_operator.controller.election import Elector
from flower_operator.exceptions import LeadershipLost
from flower_operator.kinds import Manifest
from flower_operator.kube import KubeApi

from .world import World, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("patience")]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def elector(api: KubeApi, namespace: str, identity: str, clock: Clock, **changes: Any) -> Elector:
    config = ControllerConfig(
        monitor_image="", operator_namespace=namespace, identity=identity, retry_seconds=0.05, **changes
    )
    return Elector(api, config, clock)


async def lease(api: KubeApi, namespace: str) -> Manifest:
    return await api.get(kinds.LEASE, namespace, "flower-operator")


async def tries(subject: Elector, times: int = 3) -> bool:
    """Whether it leads after some attempts."""
    stop = asyncio.Event()
    task = asyncio.create_task(subject.acquire(stop))
    await asyncio.sleep(0.05 * times + 0.2)
    stop.set()
    return await task


async def test_the_first_leads_and_the_second_waits(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first, second = (elector(api, namespace, name, clock) for name in ("first", "second"))
    assert await tries(first)
    assert not await tries(second)
    assert (await lease(api, namespace))["spec"]["holderIdentity"] == "first"
    assert (first.leading, second.leading) == (True, False)


async def test_one_that_waits_says_once_for_whom(
    api: KubeApi, namespace: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Another installation in this namespace would hold the Lease for ever, and nothing else would tell."""
    clock = Clock()
    caplog.set_level("INFO")
    assert await tries(elector(api, namespace, "another-release", clock))
    assert not await tries(elector(api, namespace, "second", clock))
    said = [line for line in caplog.messages if "stands by" in line]
    assert said == [f"second stands by: another-release holds the Lease {namespace}/flower-operator"]


async def test_a_silent_leader_is_replaced_after_15_seconds_and_not_before(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first, second = (elector(api, namespace, name, clock) for name in ("first", "second"))
    assert await tries(first)
    assert not await tries(second)
    clock.now += 14.9
    assert not await tries(second)
    clock.now += 0.2
    assert await tries(second)
    assert (await lease(api, namespace))["spec"]["leaseTransitions"] == 2


async def test_a_silent_leader_knows_that_it_leads_no_more_before_anybody_else_may(
    api: KubeApi, namespace: str
) -> None:
    clock = Clock()
    first = elector(api, namespace, "first", clock)
    assert await tries(first)
    clock.now += 9.9
    assert first.leading
    clock.now += 0.2
    assert not first.leading


async def test_a_leader_that_cannot_renew_gives_up(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first = elector(api, namespace, "first", clock)
    assert await tries(first)
    clock.now += 11
    with pytest.raises(LeadershipLost, match="could not be renewed for 10 s"):
        await first.renew(asyncio.Event())


async def test_a_leader_that_finds_another_holder_gives_up(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first = elector(api, namespace, "first", clock)
    assert await tries(first)
    patch = {"spec": {"holderIdentity": "other"}}
    await api.merge(kinds.LEASE, namespace, "flower-operator", patch)
    with pytest.raises(LeadershipLost, match="another replica"):
        await first.renew(asyncio.Event())


async def test_a_released_lease_is_taken_at_once(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first, second = (elector(api, namespace, name, clock) for name in ("first", "second"))
    assert await tries(first)
    await first.release()
    assert not first.leading
    assert await tries(second)


async def test_a_standby_releases_nothing(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first, second = (elector(api, namespace, name, clock) for name in ("first", "second"))
    assert await tries(first)
    assert not await tries(second)
    await second.release()
    assert (await lease(api, namespace))["spec"]["holderIdentity"] == "first"


async def test_a_leader_whose_time_is_over_leaves_the_lease_alone(api: KubeApi, namespace: str) -> None:
    clock = Clock()
    first = elector(api, namespace, "first", clock)
    assert await tries(first)
    before = await lease(api, namespace)
    clock.now += 11
    await first.release()
    assert await lease(api, namespace) == before


async def test_times_of_the_lease_are_utc_and_precise(api: KubeApi, namespace: str) -> None:
    before = datetime.now(UTC)
    assert await tries(elector(api, namespace, "first", Clock()))
    renewed = datetime.fromisoformat((await lease(api, namespace))["spec"]["renewTime"])
    assert before <= renewed <= datetime.now(UTC)


async def test_of_two_controllers_one_works_and_the_other_takes_over(world: World) -> None:
    async with world.controller(identity="second-controller") as second:
        async with world.controller(identity="first-controller") as first:
            await world.create()
            await world.appears(kinds.DEPLOYMENT, "orders-monitor")

            holder = (await lease(world.api, world.namespace))["spec"]["holderIdentity"]
            leader, standby = (first, second) if holder == "first-controller" else (second, first)

            async def worked() -> bool:
                return reconciled(leader) >= 2

            await until(worked, "the leader works")
            assert (leads(leader), leads(standby)) == (True, False)
            assert reconciled(standby) == 0
        await world.delete(kinds.DEPLOYMENT, "orders-monitor")
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        assert leads(second)


def leads(app: Any) -> bool:
    return bool(app.metrics.registry.get_sample_value("flower_operator_leader"))


def reconciled(app: Any) -> float:
    return float(app.metrics.registry.get_sample_value("flower_operator_reconciles_total", {"result": "ok"}) or 0)
