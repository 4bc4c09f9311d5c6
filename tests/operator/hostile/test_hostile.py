"""Many hostile FlowerMonitors while children go at random: in the end each is as it says, or says why not.

For longer, and other things each time: `HOSTILE_SECONDS=600 HOSTILE_MONITORS=60 HOSTILE_SEED=0 make test
PYTEST_ARGS='-n 0 -s tests/operator/hostile'`. What is done follows from the seed, which is printed, but not what the
controller has done by then.
"""

import os
import random
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from flower_operator import fleetkey, kinds
from tests.operator.faults.replicas import Replica, replica
from tests.operator.world import World, until
from tests.support import ports
from tests.support.kube_programs import Access

from .siege import Siege
from .verdict import verdict

SECONDS = float(os.environ.get("HOSTILE_SECONDS", "20"))
MONITORS = int(os.environ.get("HOSTILE_MONITORS", "12"))
SEED = int(os.environ.get("HOSTILE_SEED", "1968537518")) or secrets.randbelow(2**31)
"""The same for all who change something else, so that none is stopped by what an earlier change did; 0 draws one."""

SETTLE_SECONDS = 600.0
"""Longest time until all is settled afterwards."""

MEMORY = 150 * 2**20
"""Bytes that the controller may have: what it may with 1,000 FlowerMonitors."""

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(SECONDS + SETTLE_SECONDS + 300)]


async def test_each_is_as_it_says_or_says_why_not(world: World, kube_server: Access, tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(MONITORS)]
    siege = Siege(world, names, random.Random(SEED))
    port = ports.free()
    async with replica(world, kube_server, tmp_path, "besieged", port=port, verify_rate=100.0) as subject:
        subject.start()
        await besiege(siege, subject)
        context = await what_it_renders_with(world)
        last: list[dict[str, list[str]]] = [{}]

        async def settled() -> bool:
            assert subject.alive, subject.log
            last[0] = await verdicts(world, context)
            return not last[0]

        try:
            await until(settled, "all as they say", SETTLE_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}: {error}; {last[0]}; {subject.log[-3000:]}") from None
        memory = resident(subject)
        tell(f"seed {SEED}: {dict(siege.done)}; {memory >> 20} MiB at the end")
        assert "Traceback" not in subject.log, f"seed {SEED}: {subject.log}"
    assert memory < MEMORY


async def besiege(siege: Siege, subject: Replica) -> None:
    """Strike for so long, and tell from time to time how the controller bears it."""
    start = told = time.monotonic()
    while (now := time.monotonic()) < start + SECONDS:
        assert subject.alive, f"seed {SEED}: {subject.log}"
        await siege.strike()
        if now > told + 30:
            tell(f"{now - start:.0f} s: {siege.done.total()} strikes, {resident(subject) >> 20} MiB")
            told = now


async def what_it_renders_with(world: World) -> dict[str, Any]:
    """The context that is the same for all."""
    key = (await fleetkey.get_or_create(world.api, world.namespace)).key
    config = world.config()
    return {
        "monitor_image": config.monitor_image,
        "fleet_key": key,
        "operator_namespace": config.operator_namespace,
    }


async def verdicts(world: World, context: dict[str, Any]) -> dict[str, list[str]]:
    """What is wrong, by FlowerMonitor."""
    found = {}
    for body in await world.api.list(kinds.FLOWER_MONITOR, world.namespace):
        wrong = await verdict(world.api, body, context)
        if wrong:
            conditions = body.get("status", {}).get("conditions", [])
            found[body["metadata"]["name"]] = wrong + [f"{one['type']}={one['status']}" for one in conditions]
    return found


def resident(subject: Replica) -> int:
    """Bytes of memory that its process has."""
    return int(psutil.Process(subject.pid).memory_info().rss)


def tell(text: str) -> None:
    """Print, for whoever runs it with -s."""
    sys.stderr.write(f"{text}\n")


def test_the_same_seed_makes_the_same_specs() -> None:
    from .objects import specs

    assert specs(5, SEED) == specs(5, SEED)
