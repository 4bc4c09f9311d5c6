"""List and watch against a real API server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from kubernetes.aio.client import ApiClient
from typing_extensions import override

from flower_operator import connection
from flower_operator.exceptions import Unreachable
from flower_operator.fleet import watch as watch_module
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.rights import Question
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.watch import MonitorWatch
from flower_operator.fleet.watches import Watches
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, Kind, Manifests
from flower_operator.kube import KubeApi
from flower_operator.spec import Key
from tests.fleet.made import manifest
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(kube_server: Access) -> AsyncIterator[ApiClient]:
    """A connection to make other APIs of."""
    async with ApiClient(await connection.load(kube_server.kubeconfig)) as made:
        yield made


@asynccontextmanager
async def at_work(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """It goes on while the block lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def watching(api: KubeApi, namespace: str) -> AsyncIterator[tuple[Roster, MonitorWatch]]:
    """A watch of one namespace at work."""
    roster = Roster()
    watch = MonitorWatch(api, roster, namespace)
    async with at_work(watch.run()):
        yield roster, watch


async def until(roster: Roster, holds: Callable[[], bool]) -> None:
    """Wait for the roster to be so."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await roster.changes.beyond(roster.changes.value)


async def create(api: KubeApi, key: Key) -> None:
    await api.create(FLOWER_MONITOR, key.namespace, manifest(key))


async def test_monitors_that_were_there_are_listed(api: KubeApi, namespace: str) -> None:
    key = Key(namespace, "orders")
    await create(api, key)
    async with watching(api, namespace) as (roster, watch):
        await until(roster, lambda: key in roster)
        assert watch.listed_at is not None


async def test_monitors_that_come_change_and_go_are_followed(api: KubeApi, namespace: str) -> None:
    key = Key(namespace, "orders")
    async with watching(api, namespace) as (roster, _):
        await create(api, key)
        await until(roster, lambda: key in roster)
        await api.merge(FLOWER_MONITOR, namespace, "orders", {"spec": {"suspend": True}})
        await until(roster, lambda: key not in roster.pollable())
        await api.delete(FLOWER_MONITOR, namespace, "orders")
        await until(roster, lambda: key not in roster)


async def test_other_namespaces_are_not_shown(api: KubeApi, namespace: str) -> None:
    own = Key(namespace, "orders")
    await create(api, own)
    async with watching(api, namespace) as (roster, _):
        await until(roster, lambda: own in roster)
        assert {entry.monitor.key.namespace for entry in roster.entries()} == {namespace}


@pytest.fixture
async def other(api: KubeApi, namespace: str) -> AsyncIterator[str]:
    """A second namespace, named after the test's."""
    name = f"{namespace}-other"
    await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    await api.delete(NAMESPACE, None, name)


async def test_monitors_of_several_namespaces_are_shown_together(api: KubeApi, namespace: str, other: str) -> None:
    keys = {Key(namespace, "orders"), Key(other, "mails")}
    roster = Roster()
    watches = Watches(api, roster, [key.namespace for key in keys])
    async with at_work(watches.run()):
        for key in keys:
            await create(api, key)
        await until(roster, lambda: roster.keys() == keys)
        assert watches.listed_at is not None


class Forgetful(KubeApi):
    """Starts its first watch at a version that the API server has long forgotten: the 410 is the server's own."""

    lists = 0

    @override
    async def list_at(
        self, kind: Kind, namespace: str | None = None, labels: str | None = None
    ) -> tuple[Manifests, str]:
        items, version = await super().list_at(kind, namespace, labels)
        self.lists += 1
        return items, "1" if self.lists == 1 else version


async def test_a_version_that_the_server_forgot_leads_to_a_new_list(
    client: ApiClient, api: KubeApi, namespace: str
) -> None:
    forgetful = Forgetful(client)
    key = Key(namespace, "orders")
    async with watching(forgetful, namespace) as (roster, watch):
        async with asyncio.timeout(PATIENCE):
            while forgetful.lists < 2:
                await asyncio.sleep(0.01)
        assert watch.trouble is None
        await create(api, key)
        await until(roster, lambda: key in roster)


class Broken(KubeApi):
    """Has no line at first."""

    lists = 0

    @override
    async def list_at(
        self, kind: Kind, namespace: str | None = None, labels: str | None = None
    ) -> tuple[Manifests, str]:
        self.lists += 1
        if self.lists == 1:
            raise Unreachable("Connection refused")
        return await super().list_at(kind, namespace, labels)


async def test_trouble_is_told_and_over_when_it_is(client: ApiClient, namespace: str) -> None:
    async with watching(Broken(client), namespace) as (roster, watch):
        await until(roster, lambda: watch.trouble is not None)
        assert "Connection refused" in str(watch.trouble)
        await until(roster, lambda: watch.trouble is None)
        assert watch.listed_at is not None


async def test_a_full_list_finds_what_the_watch_missed(
    api: KubeApi, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "RELIST", 0.0)
    async with watching(api, namespace) as (_, watch):
        async with asyncio.timeout(PATIENCE):
            while watch.listed_at is None:
                await asyncio.sleep(0.01)
        first = watch.listed_at
        async with asyncio.timeout(PATIENCE):
            while watch.listed_at == first:
                await asyncio.sleep(0.01)


async def test_the_administrators_token_is_known_and_may_everything(kube_server: Access, api: KubeApi) -> None:
    reviews = Reviews(api)
    user = await reviews.review(kube_server.token)
    assert user is not None
    assert (user["username"], await reviews.may(user, Question("administer", None))) == ("admin", True)


async def test_a_made_up_token_is_nobodys(api: KubeApi) -> None:
    assert await Reviews(api).review("made-up") is None


async def test_somebody_without_rights_may_nothing(api: KubeApi) -> None:
    nobody = {"username": "nobody", "groups": ["system:authenticated"]}
    assert not await Reviews(api).may(nobody, Question("get", "team-a", "orders"))
