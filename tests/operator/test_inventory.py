"""What is listed instead of read one by one, at a real API server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from flower_operator import kinds, spec
from flower_operator.controller.inventory import LISTED, Inventory
from flower_operator.controller.observe import observe
from flower_operator.controller.shared import Shared
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Manifest
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key

from .world import PATIENCE, World, until

pytestmark = pytest.mark.anyio

CHILDREN = (kinds.SERVICE_ACCOUNT, kinds.CLAIM, kinds.SERVICE, kinds.DEPLOYMENT)


@pytest.fixture
async def calls(world: World) -> AsyncIterator[tuple[KubeApi, Counter[str]]]:
    """A client of the controller's, and its calls by verb and resource."""
    made: Counter[str] = Counter()

    def count(verb: str, plural: str, status: int, seconds: float) -> None:
        made[f"{verb} {plural}"] += 1

    async with connect(world.configuration, count) as api:
        yield api, made


async def test_what_was_listed_is_not_read(world: World, calls: tuple[KubeApi, Counter[str]]) -> None:
    async with world.controller():
        await world.create()
        await world.condition("WorkloadAvailable", "False", "Progressing")
    api, made = calls
    listed = await Inventory(api, (world.namespace,)).take(Key(world.namespace, "orders"))
    seen = await observe(api, spec.parse(listed[kinds.FLOWER_MONITOR, "orders"]), listed)
    assert {kind.plural for kind in CHILDREN} <= {kind.plural for kind, _ in seen.live}
    assert {call for call in made if call.startswith("get")} == {"get secrets"}
    assert set(made.values()) == {1, 2}, "one list of each kind, and two Secrets"


async def test_what_has_a_childs_name_without_our_labels_is_not_taken_over(world: World) -> None:
    """It is not listed, and yet it is there."""
    meta = {"name": "orders-monitor"}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"port": 1}]}}
    await world.api.create(kinds.SERVICE, world.namespace, service)
    await world.create()
    async with world.controller():
        await world.condition("WorkloadAvailable", "False", "ObjectNotOwned")
    found = await world.appears(kinds.SERVICE, "orders-monitor")
    assert "ownerReferences" not in found["metadata"]


async def test_an_object_is_as_it_is_read(world: World, calls: tuple[KubeApi, Counter[str]]) -> None:
    """Or each restart would apply everything anew."""
    async with world.controller():
        await world.create()
        await world.condition("WorkloadAvailable", "False", "Progressing")
    inventory = Inventory(calls[0], (world.namespace,))
    listed = await inventory.take(Key(world.namespace, "orders"))
    assert {kind for kind, _ in listed} == {kinds.FLOWER_MONITOR, *CHILDREN}
    for (kind, name), body in listed.items():
        assert what_is_applied(body) == what_is_applied(await world.appears(kind, name))


def what_is_applied(body: Manifest) -> Manifest:
    """Kubernetes adds a status, and what it has done, at any time."""
    meta = {part: body["metadata"].get(part) for part in ("name", "namespace", "uid", "labels", "ownerReferences")}
    return {part: value for part, value in body.items() if part != "status"} | {"metadata": meta}


@pytest.mark.parametrize(("monitors", "lists_again"), [(len(LISTED), False), (len(LISTED) + 1, True)])
async def test_more_than_there_are_lists_are_listed_again(
    world: World, calls: tuple[KubeApi, Counter[str]], monitors: int, lists_again: bool
) -> None:
    await world.create()
    inventory = Inventory(calls[0], (world.namespace,))
    key = Key(world.namespace, "orders")
    assert await inventory.take(key)
    asked = asyncio.Semaphore(0)

    def count() -> int:
        asked.release()
        return monitors

    async def listed() -> bool:
        return bool(await inventory.take(key))

    async with asyncio.TaskGroup() as group:
        running = group.create_task(inventory.run(count, lambda _: 0.01))
        if lists_again:
            await until(listed, "listed again")
        else:
            # Asked twice a turn: three turns have passed.
            for _ in range(6):
                await asyncio.wait_for(asked.acquire(), PATIENCE)
            assert not await listed()
        running.cancel()


async def test_what_many_name_is_read_once_in_a_moment(calls: tuple[KubeApi, Counter[str]], world: World) -> None:
    api, made = calls
    shared = Shared(api, seconds=3600.0)
    await world.api.create(kinds.SECRET, world.namespace, {"metadata": {"name": "broker"}})
    found = await asyncio.gather(*(shared.find(kinds.SECRET, world.namespace, "broker") for _ in range(5)))
    assert all(found)
    assert made["get secrets"] == 1


async def test_what_could_not_be_read_is_read_again(calls: tuple[KubeApi, Counter[str]], world: World) -> None:
    api, made = calls
    shared = Shared(api, seconds=0.0)
    assert await shared.find(kinds.SECRET, world.namespace, "none") is None

    async def again() -> bool:
        await shared.find(kinds.SECRET, world.namespace, "none")
        return made["get secrets"] > 1

    await until(again, "a second read")


async def test_lists_that_fail_are_not_made_again_for_each_that_is_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But whoever prunes needs them, and has them made as soon as they can be."""
    inventory, key, fails = Inventory(world.api, (world.namespace,)), Key(world.namespace, "orders"), True
    lists, pages = 0, world.api.pages

    def listing(*where: Any) -> Any:
        nonlocal lists
        lists += 1
        if fails:
            raise KubeError(500, "InternalError", "no")
        return pages(*where)

    monkeypatch.setattr(world.api, "pages", listing)
    await world.create()
    await asyncio.gather(*(inventory.take(key) for _ in range(5)))
    made = lists
    assert await inventory.take(key) == {}
    assert lists == made
    fails = False
    assert await inventory.of(key) == frozenset()
    assert lists == made + len(LISTED)
    assert await inventory.take(key), "as it was listed then"
