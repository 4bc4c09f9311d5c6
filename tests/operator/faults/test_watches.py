"""Watches that break: what changed meanwhile is found, and what went meanwhile is not believed to be there."""

from collections.abc import Awaitable, Callable

import pytest

from flower_operator import kinds
from flower_operator.controller.app import App
from flower_operator.kinds import Kind, Manifest
from tests.operator import rbac
from tests.operator.world import World, until
from tests.support.kube_call import of, watches
from tests.support.kube_faults import GONE_GROUP, answers, expire_watches, garble_watches, without_group
from tests.support.kube_proxy import Proxy

from .kit import count, counted, met, said, serves, single

pytestmark = pytest.mark.anyio

KINDS_WATCHED = 5
"""FlowerMonitors and four kinds of children."""


async def watching(proxy: Proxy) -> None:
    """Wait until every watch is open."""

    async def open_watches() -> bool:
        return len(proxy.watches) >= KINDS_WATCHED

    await until(open_watches, "all watches")


async def reset(proxy: Proxy) -> None:
    """Reset every watch's connection."""
    for watch in list(proxy.watches):
        watch.cut()


async def without(world: World, before: Manifest) -> bool:
    """Whether an object is gone. Another of its name may be there: what is known is looked at without any watch."""
    live = await world.find(kinds.DEPLOYMENT, before["metadata"]["name"])
    return live is None or live["metadata"]["uid"] != before["metadata"]["uid"]


BREAKS = {"reset": reset, "cut in the middle of a line": garble_watches, "410 after a compaction": expire_watches}


@pytest.mark.parametrize("breaks", BREAKS.values(), ids=list(BREAKS))
async def test_what_happens_while_no_watch_is_open_is_found(
    world: World, proxy: Proxy, breaks: Callable[[Proxy], Awaitable[None]]
) -> None:
    async with world.controller() as app:
        for name in ("orders", "leaves"):
            await world.create(name)
            await world.appears(kinds.DEPLOYMENT, f"{name}-monitor")
        before = await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await watching(proxy)
        # Neither lists nor watches come through until all has happened.
        away = answers(503, "ServiceUnavailable", "away")
        with proxy.fault(away, watches) as fault, proxy.fault(away, of(kinds.FLOWER_MONITOR, "GET")):
            await breaks(proxy)
            await met(fault.hits)
            await world.create("arrives")
            await world.delete(kinds.FLOWER_MONITOR, "leaves")
            await world.delete(kinds.DEPLOYMENT, "orders-monitor")
            await until(lambda: without(world, before), "that very Deployment is gone")
        await serves(world, "arrives")
        await serves(world)

        async def forgotten() -> bool:
            return counted(app, "monitors") == 2

        await until(forgotten, "the monitor that was deleted unseen is forgotten")
    await single(world)
    await single(world, "arrives")


@pytest.mark.parametrize(
    ("code", "reason", "message"),
    [
        (410, "Expired", "too old resource version: 1 (2)"),
        (403, "Forbidden", "User cannot watch resource"),
    ],
)
async def test_a_watch_that_is_refused_is_said_and_counted_and_begins_anew(
    world: World,
    proxy: Proxy,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    reason: str,
    message: str,
) -> None:
    # kopf tries 403 and 500 for half a minute before it ends.
    monkeypatch.setattr("flower_operator.controller.watch._Backoffs.__iter__", lambda _: iter([0.1]))
    with proxy.fault(answers(code, reason, message), watches):
        async with world.controller() as app:
            await world.create("orders")
            await count(app, "watch_failures_total")
            await said(caplog, "the watch has ended, it begins anew", message)
            # What is known goes on all the same, and what is new is found by the lists.
            await world.create("second")
            await world.appears(kinds.DEPLOYMENT, "second-monitor")
            await world.delete(kinds.SERVICE, "orders-monitor")
            await world.appears(kinds.SERVICE, "orders-monitor")
    await single(world)


async def test_without_its_definition_it_says_so_and_goes_on_when_that_is_back(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    """As when somebody deletes the CRD: the FlowerMonitors go first, then their kind is unknown."""
    async with world.controller() as app:
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await watching(proxy)
        await world.delete(kinds.FLOWER_MONITOR, "orders")
        await allow_group(world, GONE_GROUP)
        with proxy.fault(without_group, lambda call: "flower-operator.io" in call.path):
            await reset(proxy)
            await count(app, "watch_failures_total")
            await said(caplog, "the watch has ended", "does not serve flowermonitors", "the CRD is missing")
            await world.vanishes(kinds.DEPLOYMENT, "orders-monitor")
        await world.create()
        await serves(world)
    await single(world)


async def allow_group(world: World, group: str) -> None:
    """Let the controller ask for a group that is not there: where there is no right, the answer is 403 and not 404."""
    role = await world.appears(rbac.ROLE, f"{rbac.NAME}-{world.namespace}")
    rules = [*role["rules"], {"apiGroups": [group], "resources": ["*"], "verbs": ["*"]}]
    await world.api.merge(rbac.ROLE, world.namespace, role["metadata"]["name"], {"rules": rules})


async def test_watches_that_stand_still_do_not_stop_the_work(world: World, proxy: Proxy) -> None:
    """A balancer that drops packets. New FlowerMonitors are seen once kopf has waited for a bookmark in vain."""
    async with world.controller() as app:
        await world.create()
        await serves(world)
        await watching(proxy)
        proxy.flowing.clear()
        await world.delete(kinds.SERVICE, "orders-monitor")
        await world.appears(kinds.SERVICE, "orders-monitor")
        await world.create("second")
        proxy.flowing.set()
        await world.appears(kinds.DEPLOYMENT, "second-monitor")
        assert counted(app, "reconciles_total", result="error") == 0
    await single(world)


async def test_the_age_of_a_watch_is_that_of_its_last_sign(world: World, proxy: Proxy) -> None:
    async with world.controller() as app:
        await watching(proxy)
        for kind in (kinds.FLOWER_MONITOR, kinds.DEPLOYMENT):
            await grows_old(app, kind)
        # No object changes: that the watch is begun anew is the sign.
        await reset(proxy)
        await is_young(app, kinds.FLOWER_MONITOR)
        await world.create(broker={"urlSecretRef": {"name": "none"}})
        await world.condition("BrokerReachable", "False", "SecretNotFound")
        await grows_old(app, kinds.SERVICE)
        await world.delete(kinds.SERVICE, "orders-monitor")
        await is_young(app, kinds.SERVICE)


AGED = 2.0
"""Seconds."""


async def grows_old(app: App, kind: Kind) -> None:
    await count(app, "watch_age_seconds", AGED, kind=kind.kind)


async def is_young(app: App, kind: Kind) -> None:
    async def young() -> bool:
        return counted(app, "watch_age_seconds", kind=kind.kind) < AGED

    await until(young, f"a sign of {kind.plural}")
