"""A fleet of all namespaces, and a real monitor that it leads into: shared by the tests of one file."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import pytest

from flower_operator import connection, fleetkey
from flower_operator.exceptions import Conflict
from flower_operator.fleetkey import FleetSecret
from flower_operator.identity_key import public_key
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE
from flower_operator.kube import connect
from flower_operator.spec import Key
from tests.fleet.made import manifest
from tests.fleet.program import Program, running, until
from tests.monitor.program import Monitor, monitor
from tests.support.kube_programs import Access
from tests.support.redis import RedisServer, redis_server

OPERATOR = f"operator-{secrets.token_hex(4)}"
"""The fleet's own namespace; it shows those of all teams."""
TEAM_A, TEAM_B = f"team-a-{secrets.token_hex(4)}", f"team-b-{secrets.token_hex(4)}"


INTO = f"/n/{TEAM_A}/orders"
FLEET_OPTIONS = (f"--operator-namespace={OPERATOR}", "--monitor-url-template=http://127.0.0.1:{port}")


class World(NamedTuple):
    """A fleet, and a real monitor of team A with its broker."""

    fleet: Program
    orders: Monitor
    broker: RedisServer


async def prepare(kube_server: Access) -> FleetSecret:
    """Namespaces and the fleet's Secret."""
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        for name in (OPERATOR, TEAM_A, TEAM_B):
            with suppress(Conflict):  # the world of another file was in this process before
                await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return await fleetkey.get_or_create(api, OPERATOR)


async def announce(kube_server: Access, port: int) -> None:
    """A FlowerMonitor whose Service is at a port of loopback."""
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        body = manifest(Key(TEAM_A, "orders"), {"service": {"port": port}})
        await api.apply(FLOWER_MONITOR, TEAM_A, body, "test")


def of_fleet(fleet_key: bytes, key: Key) -> tuple[str, ...]:
    """Options of a monitor that is that FlowerMonitor to the fleet with this key."""
    return (
        f"--name={key.name}",
        f"--namespace={key.namespace}",
        f"--fleet-public-key={public_key(fleet_key)}",
        f"--fleet-token-sha256={fleetkey.digest(fleetkey.derive(fleet_key, *key))}",
    )


@pytest.fixture(scope="module")
def world(kube_server: Access, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("proxy")
    secret = asyncio.run(prepare(kube_server))
    with (
        redis_server(folder) as broker,
        monitor(broker.url, folder, *of_fleet(secret.key, Key(TEAM_A, "orders"))) as orders,
        running(kube_server.kubeconfig, folder, *FLEET_OPTIONS) as fleet,
    ):
        orders.connected()
        asyncio.run(announce(kube_server, orders.port))
        fleet.login = (secret.username, secret.password)
        until(lambda: fleet.get(f"{INTO}/api/v1/summary").status_code, lambda status: status == 200)
        yield World(fleet, orders, broker)
