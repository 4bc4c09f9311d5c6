"""Answers that are no success: the operator comes back to the object, and what it does then is done once."""

import pytest
from aiohttp import ClientTimeout

from flower_operator import kinds
from tests.operator.world import World
from tests.support.kube_call import Matching, changes, everything, of, reads
from tests.support.kube_faults import answers, lost, slow
from tests.support.kube_proxy import Act, Proxy

from .kit import count, counted, leads, met, said, serves, single

pytestmark = pytest.mark.anyio

CONFLICT = answers(409, "Conflict", "the object has been modified; please apply your changes to the latest version")
EXPIRED = answers(410, "Expired", "The provided continue parameter is too old to display a consistent list result")
BUSY = answers(429, "TooManyRequests", "Too many requests, please try again later.")
BROKEN = answers(500, "InternalError", "etcdserver: leader changed")
AWAY = answers(503, "ServiceUnavailable", "the server is currently unable to handle the request")

ONCE: list[tuple[str, Act, Matching, str]] = [
    ("409 to a write", CONFLICT, of(kinds.DEPLOYMENT, "PATCH"), "409 Conflict"),
    ("409 to the status", CONFLICT, of(kinds.FLOWER_MONITOR, "PATCH", sub="status"), "409 Conflict"),
    ("410 to a list", EXPIRED, of(kinds.POD, "GET"), "410 Expired"),
    ("429 that names no time", BUSY, of(kinds.SERVICE, "PATCH"), "429 TooManyRequests"),
    ("500 to a read", BROKEN, of(kinds.SERVICE_ACCOUNT, "GET", "orders-monitor"), "etcdserver: leader changed"),
    ("an answer that is lost", lost, of(kinds.DEPLOYMENT, "PATCH"), "0 Unreachable"),
]


@pytest.mark.parametrize(("act", "matching", "words"), [case[1:] for case in ONCE], ids=[case[0] for case in ONCE])
async def test_it_is_said_and_tried_again_and_nothing_is_there_twice(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture, act: Act, matching: Matching, words: str
) -> None:
    async with world.controller() as app:
        await leads(app)
        with proxy.fault(act, matching, times=1) as fault:
            await world.create()
            await met(fault.hits)
            await said(caplog, "reconcile failed, again in", words)
            await serves(world)
            assert counted(app, "reconciles_total", result="retry") >= 1
            assert counted(app, "reconciles_total", result="error") == 0
    await single(world)


async def test_credentials_whose_making_was_not_answered_are_kept(world: World, proxy: Proxy) -> None:
    async with world.controller() as app:
        await leads(app)
        with proxy.fault(lost, of(kinds.SECRET, "POST"), times=1) as fault:
            await world.create()
            await met(fault.hits)
            before = await world.appears(kinds.SECRET, "orders-credentials")
            await serves(world)
            after = await world.appears(kinds.SECRET, "orders-credentials")
    assert (after["metadata"]["uid"], after["data"]) == (before["metadata"]["uid"], before["data"])


async def test_what_was_made_without_an_answer_goes_too_when_it_is_no_longer_wanted(world: World, proxy: Proxy) -> None:
    async with world.controller():
        await world.create("first")
        await world.condition("Ready", "False", name="first")  # what there is was listed by now
        with proxy.fault(lost, of(kinds.SERVICE_ACCOUNT, "PATCH", "orders-monitor"), times=1) as fault:
            await world.create()
            await met(fault.hits)
            await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await world.change(podTemplate={"serviceAccountName": "monitors"})
        await world.vanishes(kinds.SERVICE_ACCOUNT, "orders-monitor")


async def test_a_retry_after_is_waited_for_within_the_reconcile(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    later = answers(429, "TooManyRequests", "Too many requests, please try again later.", retry_after=1)
    async with world.controller() as app:
        await leads(app)
        with proxy.fault(later, changes, times=3) as fault:
            await world.create()
            await serves(world)
            await count(app, "api_calls_total", least=3, code="429")
    assert len(fault.hits) == 3
    assert not [line for line in caplog.messages if "reconcile failed" in line and "429" in line]
    await single(world)


async def test_a_server_that_fails_every_write_for_a_while(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.controller() as app:
        await leads(app)
        with proxy.fault(BROKEN, changes):
            await world.create()
            await count(app, "api_calls_total", least=2, code="500")
            await said(caplog, "reconcile failed, again in", "etcdserver: leader changed")
        await serves(world)
    await single(world)


async def test_a_server_that_fails_every_read_for_a_while(world: World, proxy: Proxy) -> None:
    """kopf's lists fail with the others."""
    async with world.controller() as app:
        await world.create("before")
        await world.appears(kinds.DEPLOYMENT, "before-monitor")
        with proxy.fault(AWAY, reads):
            await world.create()
            await count(app, "api_calls_total", least=2, code="503")
        await serves(world)
    await single(world)


async def test_slow_answers(world: World, proxy: Proxy) -> None:
    with proxy.fault(slow(0.1), everything):
        async with world.controller() as app:
            await world.create()
            await serves(world)
            assert counted(app, "api_call_duration_seconds_sum") > 0.1
    await single(world)


async def test_a_server_that_takes_a_call_and_never_answers(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.controller():
        # Thirty seconds in earnest. Other calls may fail by this too, where the machine is busy: they come again.
        with monkeypatch.context() as patch, proxy.fault(slow(3600), of(kinds.SERVICE, "PATCH")) as fault:
            patch.setattr("flower_operator.kube.REQUEST_TIMEOUT", ClientTimeout(2))
            await world.create()
            await met(fault.hits)
            await said(caplog, "reconcile failed, again in", "Unreachable: TimeoutError")
        await serves(world)
    await single(world)


async def test_what_can_not_be_listed_is_read(world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    """As when an aggregated API is down: children are made all the same."""
    with proxy.fault(BROKEN, of(kinds.INGRESS, "GET")):
        async with world.controller():
            await world.create()
            await world.appears(kinds.DEPLOYMENT, "orders-monitor")
    assert "it is read one by one" in caplog.text
