"""A controller's restart, with nothing to do."""

import asyncio
from dataclasses import dataclass

from bench.controlplane.others import Others
from bench.controlplane.programs import Running
from bench.controlplane.stage import Stage
from bench.progress import log


@dataclass(frozen=True)
class Warm:
    """A restart."""

    seconds: float
    """From the process's start until all were reconciled, all monitors asked, and nothing waits."""
    writes: int
    """Until the end of the quiet time."""
    calls: int
    """To the API server, until it was settled."""
    reconciles: int
    cpu_s: float
    rss_mib: float
    """At the end of the quiet time."""
    peak_rss_mib: float
    idle_cpu_percent: float
    """Of a core, in the quiet time."""
    others_cpu_percent: float


async def warm(at: Stage, controller: Running) -> Warm:
    """Measure it; the controller was started just now."""
    others = Others()
    seconds = await at.settled(controller)
    found, cpu, disturbed = await at.scrape(controller), controller.cpu(), others.percent()
    log(f"settled after {seconds:.1f} s; looking at it for {at.options.quiet:g} s")
    await asyncio.sleep(at.options.quiet)
    return Warm(
        seconds=round(seconds, 2),
        writes=(await at.scrape(controller)).writes,
        calls=sum(found.calls.values()),
        reconciles=found.reconciles,
        cpu_s=round(cpu, 1),
        rss_mib=controller.rss(),
        peak_rss_mib=controller.peak(),
        idle_cpu_percent=round(100 * (controller.cpu() - cpu) / at.options.quiet, 1),
        others_cpu_percent=disturbed,
    )
