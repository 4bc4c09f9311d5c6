"""`startup`: from the process's start to first answers and the first event; memory and CPU when idle."""

import json
import time
from dataclasses import dataclass
from typing import Any

from bench import stage
from bench.brokers import Broker
from bench.measure.figures import mib
from bench.measure.noise import Noise
from bench.measure.probes import Prober
from bench.measure.runs import Run, repeat, summary
from bench.settings import Settings
from bench.sut.monitor import Monitor

_IDLE = 20.0
"""Seconds with nothing but heartbeats."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """None of its own."""


OPTIONS = Options


@dataclass(kw_only=True)
class Startup(Run):
    """Seconds from the start of the process."""

    healthcheck_s: float
    first_page_s: float
    api_workers_s: float
    first_event_s: float
    """Until the first task shows that was published meanwhile."""

    all_workers_s: float
    cpu_to_first_event_s: float
    idle_rss_mib: float
    idle_cpu_percent: float
    rss_after_heartbeats_mib: float


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """As often as wanted."""
    names = [name for name in Startup.__dataclass_fields__ if name not in Run.__dataclass_fields__]
    return summary(repeat(settings.repeats, lambda: one(settings)), *names, digits=3)


def one(settings: Settings) -> Startup:
    """One start."""
    with stage.answering(settings) as broker, Monitor(settings.choice, broker) as monitor:
        return measure(settings, broker, monitor)


def measure(settings: Settings, broker: Broker, monitor: Monitor) -> Startup:
    """Look at a monitor that was started a moment ago."""
    ready, noise = time.monotonic() - monitor.started, Noise(monitor, broker)
    page = first_page(monitor)
    with Prober(broker.url, monitor) as prober:
        while prober.probe(0.1, 0.01) is None:
            pass
        first_event, cpu = time.monotonic() - monitor.started, monitor.cpu()
        workers = monitor.wait("/api/workers")  # may wait for workers' answers: after what does not
        all_workers = wait_workers(monitor, settings.shape.workers)
        time.sleep(3)
        rss, idle_cpu = monitor.rss(), monitor.cpu()
        heartbeats(prober)
        idle_cpu = monitor.cpu() - idle_cpu
    return Startup(
        healthcheck_s=round(ready, 3),
        first_page_s=round(page, 3),
        api_workers_s=round(workers, 3),
        first_event_s=round(first_event, 3),
        all_workers_s=round(all_workers, 3),
        cpu_to_first_event_s=round(cpu, 2),
        idle_rss_mib=mib(rss),
        idle_cpu_percent=round(100 * idle_cpu / _IDLE, 2),
        rss_after_heartbeats_mib=mib(monitor.rss()),
        others_cpu_percent=noise.percent(),
    )


def first_page(monitor: Monitor) -> float:
    """Seconds from the start until the tasks page's first request is answered."""
    api = monitor.api()
    while api.ask(monitor.profile.first_page).status != 200:
        time.sleep(0.01)
    return time.monotonic() - monitor.started


def wait_workers(monitor: Monitor, count: int, timeout: float = 15) -> float:
    """Seconds from the start until all workers are listed, or until the timeout."""
    api = monitor.api()
    while len(json.loads(api.get("/api/workers").body)) < count and time.monotonic() - monitor.started < timeout:
        time.sleep(0.05)
    return time.monotonic() - monitor.started


def heartbeats(prober: Prober) -> None:
    """`_IDLE` seconds of them."""
    for _ in range(int(_IDLE / 2)):
        prober.heartbeat()
        time.sleep(2)
