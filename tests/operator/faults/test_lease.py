"""Two replicas: when the leader dies or sleeps the other leads, and nothing is done by both. Counted by the proxies."""

import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from flower_operator import fleetkey, kinds
from tests.operator.world import World, until
from tests.support.kube_call import Matching, of
from tests.support.kube_faults import Held
from tests.support.kube_programs import Access

from .kit import serves, single
from .replicas import Replica, expire_lease, leads, replica

pytestmark = pytest.mark.anyio

DEATHS: list[tuple[Matching, bool]] = [
    # What is made once was made, and the one who made it never heard so.
    (of(kinds.SECRET, "POST"), True),
    # The API server never heard of the monitor's settings.
    (of(kinds.SECRET, "PATCH"), False),
    # All children are there, and no status.
    (of(kinds.DEPLOYMENT, "PATCH"), True),
    (of(kinds.FLOWER_MONITOR, "PATCH", sub="status"), False),
]
"""At which call a leader is killed, and whether the API server has done it by then."""


async def test_leaders_that_are_killed_in_the_middle_of_a_reconcile_one_after_the_other(
    world: World, kube_server: Access, tmp_path: Path
) -> None:
    # Else the first replica makes one at its start, and its death is to come later.
    await fleetkey.get_or_create(world.api, world.namespace)
    await world.create()
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(replica(world, kube_server, tmp_path, f"replica-{number}"))
            for number in range(len(DEATHS) + 1)
        ]
        for leader, standby, (matching, after) in zip(replicas, replicas[1:], DEATHS, strict=False):
            held = Held(after)
            with leader.proxy.fault(held, matching):
                if leader is replicas[0]:
                    leader.start()
                else:
                    await expire_lease(world)
                await leads(world, leader)
                standby.start()
                await until_caught(held)
                await standby.says("serves probes")
                leader.kill()
        await expire_lease(world)
        await leads(world, replicas[-1])
        await serves(world)
        made = writes(replicas)
    assert set(made.values()) == {1}, made
    await single(world)


async def until_caught(held: Held) -> None:
    """Wait for a call that is held."""

    async def caught() -> bool:
        return held.caught.is_set()

    await until(caught, "the call at which the leader is to die")


def writes(replicas: Iterable[Replica]) -> Counter[tuple[str, str]]:
    """How often the API server has changed which child, for all replicas together."""
    calls = [call for one in replicas for call in one.proxy.calls if call.changes and (call.status or 500) < 300]
    own = [call.place for call in calls if call.place[0] not in ("leases", "events", "flowermonitors")]
    return Counter((plural, name) for plural, name, _ in own)


async def test_a_leader_that_wakes_after_it_lost_the_lease_writes_nothing(
    world: World, kube_server: Access, tmp_path: Path
) -> None:
    await world.create()
    short = {"lease_seconds": 6.0, "renew_seconds": 4.0}
    async with (
        replica(world, kube_server, tmp_path, "sleeper", **short) as sleeper,
        replica(world, kube_server, tmp_path, "other") as other,
    ):
        held = Held()
        # It has read half of what it needs, and would write as soon as it has the rest.
        with sleeper.proxy.fault(held, of(kinds.DEPLOYMENT, "GET", "orders-monitor")):
            await asleep(sleeper, held)
            other.start()
            await leads(world, other)
            before = len(sleeper.proxy.calls)
            held.go.set()
            sleeper.signal(signal.SIGCONT)
            assert await sleeper.ended() == 1
            await sleeper.says("not the leader any more")
            await serves(world)
        late = [call for call in sleeper.proxy.calls[before:] if call.changes]
        # It may try for the Lease that it believed to be its own: then the API server says that it is not, unless it
        # gives up before it hears so.
        assert [call for call in late if call.place[0] != "leases"] == []
        assert {call.status for call in late} <= {409, None}
        await leads(world, other)
    await single(world)


async def asleep(sleeper: Replica, held: Held) -> None:
    """Run it until it leads and has a read under way, and stop it there. On a busy machine it may lose its short Lease
    before that: then it is started again."""

    async def caught() -> bool:
        if not sleeper.alive:
            held.caught.clear()
            sleeper.start()
        return held.caught.is_set() and sleeper.alive

    await until(caught, "a leader in the middle of a reconcile")
    sleeper.signal(signal.SIGSTOP)
