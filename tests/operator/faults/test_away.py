"""The API server is away, or does not know us any more."""

from pathlib import Path

import pytest
from aiohttp import ClientTimeout

from flower_operator import kinds
from flower_operator.connection import TokenFile
from tests.operator import rbac
from tests.operator.test_start import fetch
from tests.operator.world import World, until
from tests.support import ports
from tests.support.kube_call import everything
from tests.support.kube_faults import answers, slow
from tests.support.kube_programs import Access
from tests.support.kube_proxy import Proxy

from .kit import count, counted, said, serves, single
from .replicas import kept_running, replica

pytestmark = pytest.mark.anyio


async def test_a_server_that_is_gone_for_less_than_a_lease(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.controller() as app:
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await proxy.refuse()
        await world.delete(kinds.SERVICE, "orders-monitor")
        await world.create("second")
        await count(app, "api_calls_total", code="0")
        await said(caplog, "the Lease can't be read or written")
        await proxy.accept()
        await world.appears(kinds.SERVICE, "orders-monitor")
        await world.appears(kinds.DEPLOYMENT, "second-monitor")
        await serves(world)
        assert counted(app, "reconciles_total", result="error") == 0
    await single(world)
    await single(world, "second")


async def test_a_server_that_is_silent_makes_it_unready_until_it_speaks(
    world: World, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A minute in earnest.
    monkeypatch.setattr("flower_operator.controller.app.SILENT_SECONDS", 2.0)
    port = ports.free()
    readyz = f"http://127.0.0.1:{port}/readyz"

    async def ready() -> bool:
        return await fetch(readyz) == (200, "ok\n")

    async def unready() -> bool:
        return await fetch(readyz) == (503, "the API server does not answer\n")

    async with world.controller(port=port) as app:
        await until(ready, "readiness")
        proxy.flowing.clear()
        with monkeypatch.context() as patch, proxy.fault(slow(3600), everything):
            # Half a minute in earnest.
            patch.setattr("flower_operator.kube.REQUEST_TIMEOUT", ClientTimeout(2))
            patch.setattr("flower_operator.controller.election.ATTEMPT_SECONDS", 2.0)
            await world.create()
            await until(unready, "that it says so")
            await count(app, "api_calls_total", code="0")
        proxy.flowing.set()
        await until(ready, "readiness again")
        await serves(world)
    await single(world)


async def test_a_server_that_is_gone_for_longer_costs_the_lease_and_nothing_else(
    world: World, kube_server: Access, tmp_path: Path
) -> None:
    short = {"lease_seconds": 12.0, "renew_seconds": 8.0}
    async with replica(world, kube_server, tmp_path, "alone", **short) as alone, kept_running(alone):
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await alone.proxy.refuse()
        await world.create("second")
        await alone.says("not the leader any more: the Lease could not be renewed")
        await alone.says("cannot start: the API server does not answer")
        await alone.proxy.accept()
        await world.appears(kinds.DEPLOYMENT, "second-monitor")
        await serves(world)
    await single(world)
    await single(world, "second")


async def test_a_token_that_is_refused_until_the_file_has_another(
    world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    old = await rbac.token(world.api, world.namespace)
    file = tmp_path / "token"
    file.write_text(old)
    world.configuration.refresh_api_key_hook = TokenFile(file).refresh  # type: ignore[assignment] # as there
    async with world.controller() as app:
        await world.create()
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        with proxy.fault(answers(401, "Unauthorized", "Unauthorized"), lambda call: call.token == old):
            for watch in list(proxy.watches):
                watch.cut()
            await world.create("second")
            await count(app, "api_calls_total", code="401")
            await said(caplog, "the Lease can't be read or written: 401")
            await said(caplog, "the API server refused the token of a watch")
            file.write_text(await rbac.token(world.api, world.namespace))
            await world.appears(kinds.DEPLOYMENT, "second-monitor")
            await serves(world)
    await single(world)
    await single(world, "second")
