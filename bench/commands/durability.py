"""`durability`: what is left after kill -9 and after a clean stop; restart; size on disk.

kill: some tasks are fed, SIGKILL some seconds after the last one is visible. at-once: right after it. stop: SIGTERM.
at-rate: SIGKILL amid --rate events/s, with a probe published each 10 ms: how old is the oldest one that is gone?
"""

import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench import stage
from bench.brokers import Broker
from bench.commands.memory import MORE, feed
from bench.load.generator import Generator
from bench.load.order import Order, Sent
from bench.measure.figures import Quantiles, quantiles
from bench.measure.noise import Noise
from bench.measure.probes import Prober
from bench.measure.runs import Run, repeat, summary
from bench.options import option
from bench.settings import Settings
from bench.sut.answers import count_tasks, known
from bench.sut.api import Api
from bench.sut.monitor import Monitor

_AMID, _EACH = 10.0, 0.01
"""at-rate: seconds of load before the kill, and between two probes."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How much, and how often the monitor saves (those that save at intervals)."""

    tasks: int = option(100_000, "tasks that are fed")
    interval_ms: int = option(10_000, "time between two saves")
    window: int = option(2000, "events in front of the monitor at once while feeding")
    rate: int = option(20_000, "events/s, for at-rate")
    hows: tuple[str, ...] = option(("kill", "at-once", "stop", "at-rate"), "kill, at-once, stop, at-rate")


OPTIONS = Options


@dataclass(kw_only=True)
class Durability(Run):
    """What was left."""

    how: str
    feed_s: float
    feed_events_per_cpu_s: int
    healthcheck_while_saving_ms: Quantiles | None = None
    cpu_percent_while_idle: float | None = None
    peak_rss_mib: int = 0
    before: int | None = None
    after: int | None = None
    sampled: int = 0
    sample_known: int = 0
    last_sampled: int = 0
    """Of tasks that were fed right before the kill."""

    last_known: int = 0
    lost_ms: float | None = None
    """From the oldest probe that is gone to the kill, those counted that it had no time to receive; 0: none is gone."""

    db_mib: float = 0
    stop_s: float | None = None
    restart_s: float = 0
    restart_and_count_s: float = 0
    """Until the number of its tasks was answered."""

    rss_after_restart_mib: int = 0


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """Each way to end, as often as wanted."""
    names = ("before", "after", "restart_s", "restart_and_count_s", "db_mib", "stop_s", "sample_known", "feed_s")
    result = {}
    for how in options.hows:
        runs = repeat(settings.repeats, lambda how=how: one(settings, options, how))  # type: ignore[misc]
        result[how] = summary(runs, *names, "lost_ms", "feed_events_per_cpu_s", digits=2)
    return result


def one(settings: Settings, options: Options, how: str) -> Durability:
    """One run."""
    with tempfile.TemporaryDirectory(prefix="bench-db-") as folder, stage.broker(settings, unlimited=True) as broker:
        db = Path(folder) / "db"
        more, interval = options.tasks + MORE, options.interval_ms
        with stage.monitor(settings, broker, max_tasks=more, db=db, interval_ms=interval, rest=1) as monitor:
            found, samples = before(settings, options, broker, monitor, how)
            probes, stopped = None, None
            if how == "at-rate":
                probes = amid(settings, options, broker, monitor)
            else:
                stopped = end(monitor, how)
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            found = replace(found, stop_s=stopped, db_mib=round(size / 2**20, 1))
            found = again(monitor, found, *samples)
            return replace(found, lost_ms=None if probes is None else oldest_lost(monitor.api(), probes))


def before(
    settings: Settings, options: Options, broker: Broker, monitor: Monitor, how: str
) -> tuple[Durability, list[Sent]]:
    """Feed it; what was fed."""
    noise, cpu, start = Noise(monitor, broker), monitor.cpu(), time.monotonic()
    sent = [feed(settings, broker, monitor, options.tasks, options.window)]
    used = monitor.cpu() - cpu
    found = Durability(
        how=how,
        feed_s=round(time.monotonic() - start, 1),
        feed_events_per_cpu_s=round(sent[0].events / used),
        others_cpu_percent=noise.percent(sent[0].cpu_s),
    )
    if how == "kill":
        found = idle(monitor, found, 2.5 * options.interval_ms / 1000)
        sent.append(feed(settings, broker, monitor, max(options.tasks // 100, 1000), options.window, seed=3))
    counted = None if how == "at-once" else count_tasks(monitor)
    return replace(found, peak_rss_mib=monitor.peak_rss() >> 20, before=counted), sent


@dataclass
class Probes:
    """Probes of a run that ended with a kill."""

    published: list[tuple[float, str]] = field(default_factory=list)
    """When, and their ids."""

    killed: float = 0.0


def amid(settings: Settings, options: Options, broker: Broker, monitor: Monitor) -> Probes:
    """Some seconds of load with a probe each 10 ms, then the kill."""
    order, probes = Order(rate=options.rate, seconds=3600), Probes()
    with (
        Generator(broker.url, replace(settings.shape, seed=4), order),
        Prober(broker.url, monitor) as prober,
    ):
        end_at = time.monotonic() + _AMID
        while time.monotonic() < end_at:
            probes.published.append((time.monotonic(), prober.publish()))
            time.sleep(_EACH)
        probes.killed = time.monotonic()
        monitor.kill()
    return probes


def oldest_lost(api: Api, probes: Probes) -> float:
    """Milliseconds from the oldest probe that is gone to the kill; 0: none is gone."""
    lost = [at for at, uuid in probes.published if api.get(f"/api/task/info/{uuid}").status != 200]
    return round(1000 * (probes.killed - min(lost)), 1) if lost else 0.0


def idle(monitor: Monitor, found: Durability, seconds: float) -> Durability:
    """Two and a half intervals of nothing: how long is the API away while the monitor saves?"""
    api, took, cpu, end_at = monitor.api(), [], monitor.cpu(), time.monotonic() + seconds
    while time.monotonic() < end_at:
        took.append(api.get("/healthcheck").seconds)
        time.sleep(0.05)
    used = round(100 * (monitor.cpu() - cpu) / seconds, 1)
    return replace(found, healthcheck_while_saving_ms=quantiles(took), cpu_percent_while_idle=used)


def end(monitor: Monitor, how: str) -> float | None:
    """End it; seconds that a clean stop took."""
    if how == "stop":
        return round(monitor.stop(120), 2)
    monitor.kill()
    return None


def again(monitor: Monitor, found: Durability, sent: Sent, last: Sent | None = None) -> Durability:
    """Start it again, and look at what is there."""
    restart = monitor.start(300)
    after = count_tasks(monitor)
    counted = time.monotonic() - monitor.started
    api, late = monitor.api(), {} if last is None else last.sample
    found = replace(found, sampled=len(sent.sample), sample_known=known(api, sent.sample), after=after)
    found = replace(found, last_sampled=len(late), last_known=known(api, late))
    time.sleep(2)
    return replace(
        found,
        restart_s=round(restart, 2),
        restart_and_count_s=round(counted, 2),
        rss_after_restart_mib=monitor.rss() >> 20,
    )
