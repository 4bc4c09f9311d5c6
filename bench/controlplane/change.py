"""One change until its child changed, with nothing else to do and while all the others are reconciled."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from bench.controlplane import objects
from bench.controlplane.crowd import each
from bench.controlplane.others import Others
from bench.controlplane.programs import Running
from bench.controlplane.stage import LOOK, Stage
from bench.controlplane.watching import Watch, watching
from bench.measure.figures import Quantiles, quantiles
from bench.progress import Ticker, log
from flower_operator.constants import CHILD_SELECTOR
from flower_operator.kinds import FLOWER_MONITOR, SERVICE, SERVICE_ACCOUNT
from flower_operator.spec import Key

LONGEST = 300.0
"""Seconds after which no further change is made."""

RISING = 20.0
"""Seconds that a queue gets to fill before the first change."""


@dataclass(frozen=True)
class Changes:
    """Some changes, one after another."""

    ms: Quantiles | None
    """From the moment that the FlowerMonitor's change is sent until its changed Service is heard of."""
    waiting: float
    """FlowerMonitors that waited for a worker when a change was made, median."""
    others_cpu_percent: float


async def idle(at: Stage, controller: Running) -> Changes:
    """Nothing else to do."""
    log(f"{at.options.changes} changes, idle")
    return await changes(at, controller, "idle")


async def busy(at: Stage, controller: Running) -> Changes:
    """All the others are reconciled again and again."""
    log(f"{at.options.changes} changes while all the others are reconciled")
    async with storm(at, controller):
        return await changes(at, controller, "busy")


async def changes(at: Stage, controller: Running, name: str) -> Changes:
    """Change one after another, and wait for each."""
    others, ticker, end = Others(), Ticker(), time.monotonic() + LONGEST
    took: list[float] = []
    waiting: list[int] = []
    async with watching(at.api, SERVICE, CHILD_SELECTOR) as services:
        for number, key in enumerate(islice(spread(at.monitors), at.options.changes)):
            waiting.append((await at.scrape(controller)).waiting)
            took.append(await one(at, services, key, f"{name}-{number}"))
            ticker.tick(lambda: f"changes: {len(took)} of {at.options.changes}")
            if time.monotonic() > end:
                break
    return Changes(quantiles(took), sorted(waiting)[len(waiting) // 2], others.percent())


def spread(monitors: list[Key]) -> Iterator[Key]:
    """Some of all namespaces, the same one again as late as possible."""
    step = 37  # no divisor of usual sizes: neighbours are of other namespaces
    return cycle([monitors[index] for start in range(step) for index in range(start, len(monitors), step)])


async def one(at: Stage, services: Watch, key: Key, value: str) -> float:
    """Change a FlowerMonitor; the seconds until its Service was."""
    service = Key(key.namespace, f"{key.name}-monitor")
    started = time.monotonic()
    await at.api.merge(FLOWER_MONITOR, key.namespace, key.name, objects.change(value))
    while objects.changed_to(services.objects.get(service)) != value:
        await services.changed()
    return services.at[service] - started


@contextlib.asynccontextmanager
async def storm(at: Stage, controller: Running) -> AsyncIterator[None]:
    """Wake every FlowerMonitor, and again when nearly all were reconciled, for as long as the block lasts.

    Somebody writes an annotation to a child of each: that has to be looked at, and nothing is to be done.
    """
    async with asyncio.TaskGroup() as group:
        storming = group.create_task(_storm(at, controller))
        with contextlib.suppress(TimeoutError):  # a controller that keeps up has no queue, and the table shows that
            async with asyncio.timeout(RISING):
                await at.until(controller, lambda seen: seen.waiting >= len(at.monitors) // 4)
        yield
        storming.cancel()


async def _storm(at: Stage, controller: Running) -> None:
    for number in range(1_000_000):
        patch = objects.touch(str(number))
        await each(
            at.monitors,
            lambda key, patch=patch: at.api.merge(SERVICE_ACCOUNT, *account(key), patch),  # type: ignore[misc] # bound on purpose
        )
        await asyncio.sleep(LOOK)
        await at.until(controller, lambda seen: seen.waiting <= len(at.monitors) // 2)


def account(key: Key) -> tuple[str, str]:
    """Namespace and name of its ServiceAccount."""
    return key.namespace, f"{key.name}-monitor"
