"""`soak`: a rate for minutes, with a full store and everything on that production has."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import stage
from bench.brokers import Broker
from bench.commands.memory import feed
from bench.commands.offered import Offer, Offered, worst
from bench.extras import Extra, Extras
from bench.measure.figures import Quantiles, Spread, quantiles, spread
from bench.measure.probes import Prober
from bench.measure.runs import Run, repeat, summary
from bench.options import option
from bench.progress import log
from bench.settings import Settings
from bench.sut.answers import count_tasks
from bench.sut.monitor import Monitor

SLICES = 10
"""Parts of the run that lag is given for."""


_GIVE_UP = 5.0
"""Seconds for a probe: one that is lost must not hold up the look at lag after the end."""


@dataclass(frozen=True, kw_only=True)
class Options(Extra):
    """How fast, how long, with how much kept."""

    rate: int = option(20_000, "events/s")
    seconds: float = option(300, "how long")
    kept: int = option(1_000_000, "tasks kept, all there before it starts; 0: start with none, keep --max-tasks")
    window: int = option(20_000, "events in front of the monitor at once while filling")
    drain: float = option(10, "seconds after the end until the last look at lag")
    store: str = option("", "file that is filled once; each run begins with a copy of it, instead of being fed")


OPTIONS = Options


@dataclass(kw_only=True)
class Soak(Run):
    """What a monitor did."""

    kept: int | None
    disk_bytes_per_task: int | None
    """Of the store, with history, before the run."""

    offered: Offered
    lag_s: list[Spread | None]
    """Of each tenth of the run."""

    page_ms: Quantiles | None
    metrics_ms: Quantiles | None
    subscribers: int
    streamed_mib: float
    failures: int
    """Pages and scrapes without an answer, subscribers that were cut off."""


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """As often as wanted."""
    return {"soak": summary(repeat(settings.repeats, lambda: one(settings, options)))}


def one(settings: Settings, options: Options) -> Soak:
    """One run."""
    with (
        stored(settings, options) as db,
        stage.broker(settings) as broker,
        stage.monitor(settings, broker, max_tasks=options.kept or None, db=db) as monitor,
    ):
        kept, disk = fill(settings, options, broker, monitor) if db is None else (count_tasks(monitor), None)
        with Prober(broker.url, monitor) as prober, Extras(monitor, options) as extras:
            log(f"{options.rate} events/s for {options.seconds:g} s")
            offer = Offer(settings, broker, monitor, prober, _GIVE_UP)
            offered = offer.measure(options.rate, options.seconds, options.drain)
        return Soak(
            others_cpu_percent=offered.others_cpu_percent,
            kept=kept,
            disk_bytes_per_task=disk,
            offered=offered,
            lag_s=tenths(prober.lags[:-1]),
            page_ms=quantiles(extras.page_s),
            metrics_ms=quantiles(extras.scrape_s),
            subscribers=len(extras.streamed),
            streamed_mib=round(sum(extras.streamed) / 2**20, 1),
            failures=len(extras.failures),
        )


@contextlib.contextmanager
def stored(settings: Settings, options: Options) -> Iterator[Path | None]:
    """A copy of the filled store, which is filled first where it is not there; None where each run is fed."""
    if not options.store:
        yield None
        return
    filled = Path(options.store).absolute()
    if not any(filled.parent.glob(f"{filled.name}*")):  # each monitor gives it a suffix of its own
        with (
            stage.broker(settings) as broker,
            stage.monitor(settings, broker, max_tasks=options.kept, db=filled) as monitor,
        ):
            fill(settings, options, broker, monitor)
            monitor.stop()
    with tempfile.TemporaryDirectory(prefix="bench-store-") as folder:
        for part in filled.parent.glob(f"{filled.name}*"):
            shutil.copy(part, folder)
        yield Path(folder) / filled.name


def fill(settings: Settings, options: Options, broker: Broker, monitor: Monitor) -> tuple[int | None, int | None]:
    """Give it tasks until as many are kept as wanted; how many that are, and bytes of disk of each."""
    if not options.kept:
        return None, None
    log(f"feeding {options.kept} tasks")
    feed(settings, broker, monitor, options.kept, options.window)
    kept = count_tasks(monitor)
    size = sum(path.stat().st_size for path in monitor.folder.rglob("*") if path.is_file() and path.name != "log")
    return kept, round(size / kept) if kept and monitor.profile.memory else None


def tenths(lags: Sequence[tuple[float, float | None]]) -> list[Spread | None]:
    """Lags by tenth of the time between the first and the last of them."""
    if not lags:
        return []
    first, last = lags[0][0], lags[-1][0]
    width = (last - first) / SLICES or 1.0
    parts: list[list[float]] = [[] for _ in range(SLICES)]
    for at, lag in lags:
        parts[min(SLICES - 1, int((at - first) / width))].append(worst(lag))
    return [spread(part, 3) for part in parts]
