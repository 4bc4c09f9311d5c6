"""What one fleet is measured on."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.controlplane import objects, programs
from bench.controlplane.cluster import cluster
from bench.controlplane.crowd import each
from bench.controlplane.options import Options
from bench.controlplane.programs import Running
from bench.controlplane.scrape import Scrape, scrape
from bench.progress import log
from flower_operator import connection
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, SECRET, STORAGE_CLASS
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key

LOOK = 0.2
"""Seconds between two looks at a program: each scrape costs it some milliseconds."""


@dataclass
class Stage:
    """An API server with FlowerMonitors, simulated monitors, and a way to ask everybody."""

    api: KubeApi
    kubeconfig: str
    session: aiohttp.ClientSession
    simulated: Running
    monitors: list[Key]
    folder: Path
    options: Options

    def controller(self) -> contextlib.AbstractContextManager[Running]:
        """A controller for as long as the block lasts."""
        return programs.controller(self.folder, self.kubeconfig, self.simulated.url)

    def fleet(self) -> contextlib.AbstractContextManager[Running]:
        """A fleet for as long as the block lasts."""
        return programs.fleet(self.folder, self.kubeconfig, self.simulated.url)

    async def asked(self, who: str, since: float) -> int:
        """How many monitors `who` has asked after a time (monotonic)."""
        async with self.session.get(f"{self.simulated.url}/asked/{who}", params={"since": str(since)}) as answer:
            return int(await answer.text())

    async def all_asked(self, who: str, since: float) -> None:
        """Wait until all were."""
        while await self.asked(who, since) < len(self.monitors):  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(LOOK)

    async def scrape(self, controller: Running) -> Scrape:
        """What the controller says of itself, once it does."""
        while (found := await scrape(self.session, controller.url)) is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK)
        return found

    async def until(self, controller: Running, holds: Callable[[Scrape], bool]) -> None:
        """Wait until the controller says so of itself."""
        while not holds(await self.scrape(controller)):  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(LOOK)

    async def settled(self, controller: Running) -> float:
        """Wait until every FlowerMonitor was reconciled, every monitor asked, and nothing waits; seconds since its
        start."""
        await self.until(controller, lambda seen: seen.monitors >= len(self.monitors))
        await self.all_asked("controller", controller.started)
        await self.until(controller, lambda seen: not seen.waiting)
        return time.monotonic() - controller.started


@contextlib.asynccontextmanager
async def stage(options: Options, count: int, folder: Path) -> AsyncIterator[Stage]:
    """Start all of it and create the FlowerMonitors. No controller runs."""
    async with contextlib.AsyncExitStack() as stack:
        access = stack.enter_context(cluster(folder, options.manager_qps))
        api = await stack.enter_async_context(connect(await connection.load(access.kubeconfig)))
        session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=True))
        simulated = stack.enter_context(programs.simulated(folder))
        made = Stage(api, access.kubeconfig, session, simulated, objects.keys(count), folder, options)
        await populate(made)
        yield made


async def populate(at: Stage) -> None:
    """Create the FlowerMonitors, and what they need."""
    log(f"creating {len(at.monitors):,} FlowerMonitors")
    await at.api.create(STORAGE_CLASS, None, objects.storage_class())
    spaces = objects.namespaces(at.monitors)
    await each(spaces, lambda name: at.api.create(NAMESPACE, None, objects.namespace(name)))
    await each(spaces, lambda name: at.api.create(SECRET, name, objects.broker()))
    await each(
        at.monitors, lambda key: at.api.create(FLOWER_MONITOR, key.namespace, objects.monitor(key)), "FlowerMonitors"
    )
