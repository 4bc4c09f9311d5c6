"""A controller's first start: nothing is there but the FlowerMonitors."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.controlplane import objects
from bench.controlplane.others import Others
from bench.controlplane.programs import Running
from bench.controlplane.stage import Stage
from bench.controlplane.watching import watching
from flower_operator.constants import CHILD_SELECTOR
from flower_operator.kinds import CLAIM, DEPLOYMENT, FLOWER_MONITOR, SECRET, SERVICE, SERVICE_ACCOUNT

CHILDREN = {DEPLOYMENT: 1, CLAIM: 1, SERVICE: 1, SERVICE_ACCOUNT: 1, SECRET: 2}
"""What each FlowerMonitor has; the Secrets are its settings and its credentials."""


@dataclass(frozen=True)
class Cold:
    """A first start."""

    seconds: float
    """From the process's start until the last status was seen, all children being there."""
    writes: int
    calls: Mapping[str, int]
    """`VERB RESOURCE` -> calls to the API server until then."""
    reconciles: int
    cpu_s: float
    rss_mib: float
    others_cpu_percent: float


async def cold(at: Stage, controller: Running) -> Cold:
    """Measure it; the controller was started just now."""
    others, count = Others(), len(at.monitors)
    async with watching(at.api, FLOWER_MONITOR) as monitors:
        last = await monitors.until(objects.told, count, "status written")
    found = await at.scrape(controller)
    await check(at)
    return Cold(
        seconds=round(last - controller.started, 2),
        writes=found.writes,
        calls=found.calls,
        reconciles=found.reconciles,
        cpu_s=round(controller.cpu(), 1),
        rss_mib=controller.rss(),
        others_cpu_percent=others.percent(),
    )


async def check(at: Stage) -> None:
    """See that the children are there: a status alone must not count."""
    for kind, each in CHILDREN.items():
        found = len(await at.api.list(kind, labels=CHILD_SELECTOR))
        if found != each * len(at.monitors):
            raise RuntimeError(f"{found} {kind.plural} instead of {each * len(at.monitors)}, though all have a status")
