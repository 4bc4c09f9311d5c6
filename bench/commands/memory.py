"""`memory`: resident memory with N finished tasks kept, and what Flower's API then takes.

The tasks are fed as fast as the monitor shows them, so that no backlog is counted as memory. Latencies first idle, then
with --rate events/s arriving (the monitor may keep 5,000 tasks more than N).
"""

import json
import time
import urllib.parse
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench import stage
from bench.brokers import Broker
from bench.commands.latency import Budget, Latency, latency
from bench.load.generator import Generator
from bench.load.order import Order, Sent
from bench.measure.figures import mib
from bench.measure.noise import Noise
from bench.measure.runs import Run, repeat, summary
from bench.options import option
from bench.progress import Ticker, log
from bench.settings import Settings
from bench.sut.answers import count_tasks
from bench.sut.api import Request, wait_visible
from bench.sut.monitor import Monitor
from bench.sut.profiles import datatable

MORE = 5000
"""Tasks that a monitor may keep beyond those that are fed."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How many tasks, and how long to ask."""

    sizes: tuple[int, ...] = option((10_000, 50_000, 100_000), "tasks kept")
    window: int = option(2000, "events in front of the monitor at once while feeding")
    requests: int = option(100, "requests of a kind")
    budget: float = option(10, "but no longer than this many seconds")
    rate: float = option(1000, "events/s while measuring under load")
    latencies: bool = option(True, "measure latencies too, in the first run of each size")


OPTIONS = Options


@dataclass(kw_only=True)
class Memory(Run):
    """With so many tasks."""

    tasks: int
    retained: int | None
    idle_rss_mib: float
    rss_mib: float
    bytes_per_task: int
    peak_rss_mib: int
    fed_events: int
    feed_events_per_s: int
    feed_events_per_cpu_s: int
    latency_idle: dict[str, Any] | None = None
    latency_loaded: dict[str, Any] | None = None


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """Each size as often as wanted."""
    return {f"{size} tasks": sized(settings, options, size) for size in options.sizes}


def sized(settings: Settings, options: Options, size: int) -> dict[str, Any]:
    """One size."""
    first = iter([options.latencies])
    runs = repeat(settings.repeats, lambda: one(settings, options, size, next(first, False)))
    return summary(runs, "rss_mib", "bytes_per_task", "feed_events_per_cpu_s")


def one(settings: Settings, options: Options, size: int, latencies: bool) -> Memory:
    """One run."""
    with (
        stage.answering(settings, unlimited=True) as broker,
        stage.monitor(settings, broker, max_tasks=size + MORE, rest=5) as monitor,
    ):
        result, sent = fed(settings, options, broker, monitor, size)
        if not latencies:
            return result
        log(f"{size} tasks: latencies")
        sample = list(sent.sample)[-3]
        idle = asked(options, monitor, sample)
        order = Order(rate=options.rate, seconds=1000)
        with Generator(broker.url, replace(settings.shape, seed=2), order):
            time.sleep(1)
            loaded = asked(options, monitor, sample)
        return replace(result, latency_idle=idle, latency_loaded=loaded)


def fed(settings: Settings, options: Options, broker: Broker, monitor: Monitor, size: int) -> tuple[Memory, Sent]:
    """The memory after so many tasks."""
    idle, cpu = monitor.rss(), monitor.cpu()
    noise, start = Noise(monitor, broker), time.monotonic()
    sent = feed(settings, broker, monitor, size, options.window)
    wall, cpu, others = time.monotonic() - start, monitor.cpu() - cpu, noise.percent(sent.cpu_s)
    time.sleep(3)
    rss = monitor.rss()
    found = Memory(
        tasks=size,
        retained=count_tasks(monitor),
        idle_rss_mib=mib(idle),
        rss_mib=mib(rss),
        bytes_per_task=round((rss - idle) / size),
        peak_rss_mib=monitor.peak_rss() >> 20,
        fed_events=sent.events,
        feed_events_per_s=round(sent.events / wall),
        feed_events_per_cpu_s=round(sent.events / cpu),
        others_cpu_percent=others,
    )
    return found, sent


def feed(settings: Settings, broker: Broker, monitor: Monitor, tasks: int, window: int, seed: int = 1) -> Sent:
    """Give a monitor so many tasks, as fast as it shows them; back when it shows the last one."""
    order = Order(tasks=tasks, window=window, ack_url=monitor.url)
    ticker, start = Ticker(), time.monotonic()
    with Generator(broker.url, replace(settings.shape, seed=seed), order) as generator:
        while generator.running():
            ticker.tick(lambda: f"feeding for {time.monotonic() - start:.0f} s, {monitor.rss() >> 20} MiB")
            time.sleep(0.1)
        sent = generator.result()
    wait_visible(monitor.url, sent.probe, 300, 0.1)
    return sent


def asked(options: Options, monitor: Monitor, sample: str) -> dict[str, Any]:
    """Latencies of Flower's API."""
    api, budget = monitor.api(), Budget(options.requests, options.budget)

    def ask(request: Request) -> Latency:
        return latency(lambda: api.ask(request), budget)

    order = json.loads(api.get(f"/api/task/info/{sample}").body)["kwargs"].split("'order': '")[1].split("'")[0]
    return {name: asdict(ask(request)) for name, request in requests(sample, urllib.parse.quote(order)).items()}


def requests(sample: str, order: str) -> dict[str, Request]:
    """What is asked; with the id of a task that is there, and a text that only its kwargs have."""
    listed = "/api/tasks?limit=100"
    paths = {
        "GET /api/tasks?limit=100": listed,
        "GET /api/tasks?limit=100&state=FAILURE": f"{listed}&state=FAILURE",
        "GET /api/tasks?limit=100&search=<common text>": f"{listed}&search=eu-west",
        "GET /api/tasks?limit=100&search=<one order>": f"{listed}&search={order}",
        "GET /api/tasks?limit=100&search=kwargs:order=<one>": f"{listed}&search=kwargs%3Aorder%3D{order}",
        "GET /api/tasks?limit=100&sort_by=-received": f"{listed}&sort_by=-received",
        "GET /api/task/info/<id>": f"/api/task/info/{sample}",
        "GET /api/workers": "/api/workers",
        "GET /metrics": "/metrics",
        "GET /healthcheck": "/healthcheck",
    }
    tables = {
        "POST /tasks/datatable, first page": datatable(),
        "POST /tasks/datatable, search common": datatable(search="eu-west"),
        "POST /tasks/datatable, page 1000": datatable(start=9990),
    }
    return {name: Request(path) for name, path in paths.items()} | tables
