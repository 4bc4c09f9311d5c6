"""Replicas of the controller as real processes, each with its own way to the API server."""

import asyncio
import dataclasses
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from flower_operator import constants, kinds
from tests.operator.world import World, until
from tests.support.kube import REPOSITORY
from tests.support.kube_programs import Access
from tests.support.kube_proxy import Proxy, proxied
from tests.support.processes import Program

RESTART_SECONDS = 0.3
"""Until a replica that ended is started again; kubelet takes ten and more."""


class Replica:
    """One of them: not started yet."""

    def __init__(self, proxy: Proxy, settings: Path, identity: str) -> None:
        self.proxy = proxy
        self.identity = identity
        self._settings = settings
        self._program: Program | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        command = [sys.executable, "-m", "tests.operator.faults.replica", str(self._settings)]
        paths = os.pathsep.join([str(REPOSITORY), *sys.path])
        environment = {**os.environ, "PYTHONPATH": paths}
        self._program = Program(command, self._settings.with_suffix(".log"), environment)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._program is not None and self._program.alive()

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._program is not None
        return self._program.pid

    @property
    def log(self) -> str:
        """What it wrote, in all its lives."""
        return "" if self._program is None else self._program.log

    async def says(self, text: str) -> None:
        """Wait for a text on its log."""

        async def said() -> bool:
            return text in self.log

        await until(said, f"{self.identity} says: {text}")

    async def ended(self) -> int:
        """Wait until it has ended by itself; its exit code."""

        async def gone() -> bool:
            return not self.alive

        await until(gone, f"the end of {self.identity}")
        assert self._program is not None
        return self._program.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9, if it runs."""
        if self._program is not None and self._program.alive():
            self._program.kill()


@asynccontextmanager
async def replica(world: World, server: Access, folder: Path, identity: str, **changes: Any) -> AsyncIterator[Replica]:
    """A replica with a proxy of its own; nothing of it is left at the end."""
    config = world.config(identity=identity, **changes)
    token = str(world.configuration.api_key["BearerToken"]).removeprefix("Bearer ")
    async with proxied(server.url, str(world.configuration.ssl_ca_cert)) as proxy:
        settings = folder / f"{identity}.json"
        settings.touch(mode=0o600)
        given = {"config": dataclasses.asdict(config), "host": proxy.url, "token": token}
        settings.write_text(json.dumps(given))
        made = Replica(proxy, settings, identity)
        try:
            yield made
        finally:
            made.kill()


@asynccontextmanager
async def kept_running(subject: Replica) -> AsyncIterator[None]:
    """Start it again whenever it has ended, as kubelet does."""

    async def keep() -> None:
        while True:
            if not subject.alive:
                subject.start()
            await asyncio.sleep(RESTART_SECONDS)

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def leads(world: World, subject: Replica) -> None:
    """Wait until it holds the Lease."""

    async def holds() -> bool:
        lease = await world.find(kinds.LEASE, constants.LEASE_NAME)
        return lease is not None and lease["spec"].get("holderIdentity") == subject.identity

    await until(holds, f"{subject.identity} leads")


async def expire_lease(world: World) -> None:
    """Let the Lease of a leader that is gone end in a second, and not in a minute and a half."""
    patch = {"spec": {"leaseDurationSeconds": 1}}
    await world.api.merge(kinds.LEASE, world.namespace, constants.LEASE_NAME, patch)
