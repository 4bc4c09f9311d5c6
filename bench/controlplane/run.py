"""All measurements of one size."""

import asyncio
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bench.controlplane import change, objects
from bench.controlplane.change import Changes
from bench.controlplane.cold import Cold, cold
from bench.controlplane.fleet import Fleet, fleet
from bench.controlplane.node import node
from bench.controlplane.options import Options
from bench.controlplane.programs import EndedError, Running
from bench.controlplane.stage import Stage, stage
from bench.controlplane.warm import Warm, warm
from bench.controlplane.watching import watching
from bench.measure.machine import calibrate
from bench.progress import log
from flower_operator.kinds import FLOWER_MONITOR

Found = TypeVar("Found")


@dataclass(frozen=True)
class Size:
    """What was found with so many FlowerMonitors."""

    monitors: int
    calibration_ms: float
    """`bench.measure.machine.calibrate`, before."""
    cold: Cold
    all_ready_s: float
    """From the last status of `cold` until all were Ready; kube-controller-manager makes pods at `manager_qps`."""
    peak_rss_mib: float
    """Of the first controller, all of `cold` and `all_ready_s`."""
    warm: Warm
    idle: Changes
    busy: Changes
    fleet: Fleet


async def measure(options: Options, count: int) -> Size:
    """Measure one size, in a folder that is removed afterwards."""
    calibration = calibrate()
    with tempfile.TemporaryDirectory(prefix="flower-bench-") as folder:
        async with stage(options, count, Path(folder)) as at:
            first, ready, peak = await start(at)
            restarted, idle, busy = await restart(at)
            log("starting a fleet, without a controller")
            with at.fleet() as program:
                shown = await bounded(at, program, "the fleet", fleet(at, program))
    return Size(count, calibration, first, ready, peak, restarted, idle, busy, shown)


async def start(at: Stage) -> tuple[Cold, float, float]:
    """The first controller: cold, until all are ready, and its peak of memory in MiB."""
    log("cold start of a controller")
    with at.controller() as controller:
        first = await bounded(at, controller, "the cold start", cold(at, controller))
        log(f"cold: {first.seconds:g} s; waiting for pods")
        started = time.monotonic()
        async with node(at.api), watching(at.api, FLOWER_MONITOR) as monitors:
            reached = monitors.until(objects.reached, len(at.monitors), "ready and reached")
            await bounded(at, controller, "all Ready", reached)
        ready = time.monotonic() - started
        await bounded(at, controller, "settling", at.settled(controller))
        return first, round(ready, 1), controller.peak()


async def restart(at: Stage) -> tuple[Warm, Changes, Changes]:
    """The second controller: warm, then changes."""
    log("warm restart of the controller")
    with at.controller() as controller:
        found = await bounded(at, controller, "the warm restart", warm(at, controller))
        idle = await bounded(at, controller, "changes, idle", change.idle(at, controller))
        busy = await bounded(at, controller, "changes, busy", change.busy(at, controller))
        return found, idle, busy


async def bounded(at: Stage, program: Running, what: str, work: Coroutine[Any, Any, Found]) -> Found:
    """Give up after `--patience`, and at once when the program that is measured has ended."""
    try:
        async with asyncio.timeout(at.options.patience), asyncio.TaskGroup() as group:
            guard = group.create_task(program.guard())
            found = await work
            guard.cancel()
            return found
    except TimeoutError as error:
        raise SystemExit(f"{what} was not done in {at.options.patience:g} s (--patience)") from error
    except ExceptionGroup as errors:
        if (ended := errors.subgroup(EndedError)) is not None:
            raise SystemExit(f"{what}: {ended.exceptions[0]}") from errors
        raise
