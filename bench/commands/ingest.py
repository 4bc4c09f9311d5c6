"""`ingest`: how many events a monitor takes in, and what it does with too many."""

from dataclasses import asdict, dataclass
from typing import Any

from bench.commands.capacity import capacity
from bench.commands.offered import Offered, offered
from bench.commands.search import Found, search
from bench.measure.figures import spread
from bench.measure.runs import repeat, summary
from bench.options import option
from bench.progress import log
from bench.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which parts, and how much."""

    parts: tuple[str, ...] = option(("capacity", "sustained", "overload"), "capacity, sustained, overload")
    tasks: int = option(25_000, "capacity: tasks in a run")
    batches: tuple[str, ...] = option(("1", "real", "24"), "capacity: sizes of task.multi messages")
    low: int = option(0, "sustained: a rate taken to be kept up, events/s")
    high: int = option(8000, "sustained: a rate taken not to be")
    step: int = option(200, "sustained: end the search at this difference")
    seconds: float = option(30, "sustained: of a trial")
    rates: tuple[int, ...] = option((6000, 12_000), "overload: events/s")
    overload_seconds: float = option(60, "overload: of a run")


OPTIONS = Options


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """All parts that were asked for."""
    result: dict[str, Any] = {}
    if "capacity" in options.parts:
        for batch in options.batches:
            result[f"capacity batch={batch}"] = capacities(settings, options, batch)
    if "sustained" in options.parts:
        result["sustained"] = sustained(settings, options)
    if "overload" in options.parts:
        for rate in options.rates:
            result[f"overload {rate}"] = overload(settings, options, rate)
    return result


def capacities(settings: Settings, options: Options, batch: str) -> dict[str, Any]:
    """Top speed with messages of one size."""
    runs = repeat(settings.repeats, lambda: capacity(settings, batch, options.tasks))
    return summary(runs, "events_per_wall_s", "events_per_cpu_s", "peak_rss_mib", "lost")


def sustained(settings: Settings, options: Options) -> dict[str, Any]:
    """The highest rate that is kept up, searched for as often as wanted."""
    found = [one_search(settings, options) for _ in range(settings.repeats.repeat)]
    highest = spread(one.highest_kept_up for one in found)
    return {"highest_kept_up": highest and asdict(highest), "searches": [asdict(one) for one in found]}


def one_search(settings: Settings, options: Options) -> Found[Offered]:
    """One search."""

    def trial(rate: int) -> Offered:
        one = repeat(settings.repeats, lambda: offered(settings, rate, options.seconds, drain=30), 1)[0]
        log(f"{rate} events/s: {'kept up' if one.kept_up else 'not kept up'}")
        return one

    return search(options.low, options.high, options.step, trial, lambda one: one.kept_up)


def overload(settings: Settings, options: Options, rate: int) -> dict[str, Any]:
    """What happens at a rate."""
    runs = repeat(settings.repeats, lambda: offered(settings, rate, options.overload_seconds, drain=120))
    return summary(runs, "lost_percent", "peak_rss_mib", "drain_s", "cutoffs", "events_per_cpu_s")
