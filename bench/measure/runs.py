"""Runs, repeated where others disturbed them."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bench.measure.figures import Spread, spread
from bench.measure.machine import calibrate
from bench.measure.noise import wait_quiet
from bench.options import option
from bench.progress import log


@dataclass(kw_only=True)
class Run:
    """What one run found; subclasses add what they measure."""

    others_cpu_percent: float = 0.0
    """CPU that processes which are not ours used meanwhile; 100: one core."""

    calibration_ms: float = 0.0
    """`calibrate`, just before."""


Kind = TypeVar("Kind", bound=Run)


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """How often, and what is quiet enough."""

    repeat: int = option(3, "runs; their median counts")
    noise: float = option(20, "repeat a run in which others used more CPU than this (percent of a core)")
    retries: int = option(3, "so many runs more at most")
    quiet_wait: float = option(120, "wait so many seconds for a quiet machine before a run")


def repeat(how: Repeats, run: Callable[[], Kind], times: int | None = None) -> list[Kind]:
    """As many runs as wanted; those that others disturbed are replaced, in the end by the least disturbed ones."""
    wanted = times or how.repeat
    quiet: list[Kind] = []
    noisy: list[Kind] = []
    while len(quiet) < wanted and len(quiet) + len(noisy) < wanted + how.retries:
        wait_quiet(how.noise, how.quiet_wait)
        calibration = calibrate()
        result = run()
        result.calibration_ms = calibration
        log(brief(result))
        (quiet if result.others_cpu_percent <= how.noise else noisy).append(result)
    noisy.sort(key=lambda one: one.others_cpu_percent)
    return [*quiet, *noisy[: wanted - len(quiet)]]


def brief(result: Run) -> dict[str, Any]:
    """The plain figures of a run."""
    return {name: value for name, value in vars(result).items() if isinstance(value, (int, float, str))}


def summary(runs: Sequence[Run], *names: str, digits: int = 1) -> dict[str, Any]:
    """Medians of some figures, and the runs themselves, for JSON."""
    medians: dict[str, Spread | None] = {
        name: spread((getattr(run, name) for run in runs), digits) for name in (*names, "others_cpu_percent")
    }
    return {name: value and dataclasses.asdict(value) for name, value in medians.items()} | {
        "runs": [dataclasses.asdict(run) for run in runs]
    }
