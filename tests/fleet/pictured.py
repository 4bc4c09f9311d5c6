"""A fleet as a cluster has it, for pictures: monitors that are well, and one of each kind that is not.

No test uses it; `tests/dashboard/screenshots.py` does.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flower_operator import connection, fleetkey
from flower_operator.fleetkey import FleetSecret
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, Manifest
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key
from tests.fleet.made import manifest, ready
from tests.fleet.program import Program, running, until
from tests.fleet.world import of_fleet
from tests.monitor.program import Monitor, monitor
from tests.support import ports
from tests.support.celery import announce, worker
from tests.support.kube import kube_alone
from tests.support.kube_programs import Access
from tests.support.redis import RedisServer, redis_server

OPERATOR = "flower-operator"
ORDERS = Key("shop", "orders")
LONG = Key("payments-and-refunds-production", "reconciliation-of-payments-eu-central-1")
SILENT = Key("media", "thumbnails")
BROKERLESS = Key("media", "transcoding")
OPTIONS = (
    f"--operator-namespace={OPERATOR}",
    "--monitor-url-template=http://127.0.0.1:{port}",
    "--cluster-name=east",
)
NAMESPACES = (OPERATOR, *sorted({ORDERS.namespace, LONG.namespace, SILENT.namespace}))


class Scene(NamedTuple):
    """What is to be looked at."""

    url: str
    empty: str
    """Of another fleet, whose namespace has no monitor."""
    login: tuple[str, str]


@contextlib.contextmanager
def pictured(folder: Path) -> Iterator[Scene]:
    """The fleet, once everything in it is as it is to be seen."""
    with kube_alone(folder / "kube") as access, contextlib.ExitStack() as ends:
        secret = asyncio.run(_prepare(access))
        fleet = _fleet(ends, access, folder / "fleet", secret)
        empty = _fleet(ends, access, folder / "empty", secret, f"--namespace={OPERATOR}")
        started = {key: _start(ends, folder / key.name, key, secret.key) for key in (ORDERS, LONG, SILENT, BROKERLESS)}
        asyncio.run(_apply(access, {key: one.port for key, (one, _) in started.items()}))
        _work(ends, folder, *started[ORDERS])
        fleet.shows(lambda seen: all(seen.get(key.name, {}).get("summary") for key in started))
        started[SILENT][0].close()
        started[BROKERLESS][1].stop()
        fleet.shows(lambda seen: seen[SILENT.name]["observed"]["stale"])
        fleet.shows(lambda seen: seen[BROKERLESS.name]["summary"]["broker"]["state"] == "disconnected")
        yield Scene(f"{fleet.url}/", f"{empty.url}/", (secret.username, secret.password))


def _fleet(ends: contextlib.ExitStack, access: Access, folder: Path, secret: FleetSecret, *options: str) -> Program:
    folder.mkdir()
    started = ends.enter_context(running(access.kubeconfig, folder, *OPTIONS, *options))
    started.login = (secret.username, secret.password)
    until(lambda: started.get("/api/v1/monitors").status_code, lambda status: status == 200)
    return started


def _start(ends: contextlib.ExitStack, folder: Path, key: Key, fleet_key: bytes) -> tuple[Monitor, RedisServer]:
    folder.mkdir()
    broker = ends.enter_context(redis_server(folder))
    started = ends.enter_context(monitor(broker.url, folder, *of_fleet(fleet_key, key)))
    started.connected()
    return started, broker


def _work(ends: contextlib.ExitStack, folder: Path, orders: Monitor, broker: RedisServer) -> None:
    """A worker, with tasks that succeeded and failed, and some that wait for it in vain."""
    ends.enter_context(worker(broker.url, folder))
    for number in range(12):
        announce(broker.url, "tests.support.celery_app.add", number, 2, queue="tests")
    for number in range(3):
        announce(broker.url, "tests.support.celery_app.fail", queue="tests")
        announce(broker.url, "shop.orders.place", number)
    orders.kept(18)


async def _prepare(access: Access) -> FleetSecret:
    async with connect(await connection.load(access.kubeconfig)) as api:
        for name in NAMESPACES:
            await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return await fleetkey.get_or_create(api, OPERATOR)


async def _apply(access: Access, at: dict[Key, int]) -> None:
    """The FlowerMonitors of those at ports of loopback, and of two that have no program."""
    well = ready("True", "Running") | {"broker": {"kind": "redis"}, "version": "0.1.0"}
    missing = "spec.broker.urlSecretRef: there is no Secret billing-broker. Create it with the key url."
    async with connect(await connection.load(access.kubeconfig)) as api:
        for key, port in at.items():
            await _create(api, key, {"service": {"port": port}}, well)
        await _create(
            api, Key("shop", "billing"), {"service": {"port": ports.free()}}, ready("False", "SecretNotFound", missing)
        )
        await _create(api, Key("shop", "archive"), {"suspend": True}, ready("True", "Suspended"))


async def _create(api: KubeApi, key: Key, spec: Manifest, status: Manifest) -> None:
    body = manifest(key, spec)
    await api.create(FLOWER_MONITOR, key.namespace, body)
    await api.apply(FLOWER_MONITOR, key.namespace, {**body, "status": status}, "pictures", "status")
