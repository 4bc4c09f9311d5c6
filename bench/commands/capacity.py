"""`ingest capacity`: all events at once, the broker keeps the backlog; the time until the last one is visible."""

import time
from dataclasses import dataclass, replace

from bench import stage
from bench.brokers import Broker
from bench.load.generator import Generator
from bench.load.order import Order, Sent
from bench.measure.noise import Noise
from bench.measure.runs import Run
from bench.progress import log
from bench.settings import Settings
from bench.sut.answers import states_right, task_events
from bench.sut.api import wait_visible
from bench.sut.monitor import Monitor

_WINDOW = 3000
"""RabbitMQ: events in front of the monitor at once; Celery's event queues drop what waits longer than 5 s."""


@dataclass(kw_only=True)
class Capacity(Run):
    """Top speed."""

    batch: str
    events: int
    publish_s: float
    wall_s: float
    cpu_s: float
    events_per_wall_s: int
    events_per_cpu_s: int
    idle_rss_mib: int
    peak_rss_mib: int
    end_rss_mib: int
    broker_cpu_s: float
    counted: int | None
    lost: int | None
    states: dict[str, int]


def capacity(settings: Settings, batch: str, tasks: int) -> Capacity:
    """One run with so many tasks."""
    settings = replace(settings, shape=replace(settings.shape, batch=batch))
    with stage.broker(settings, unlimited=True) as broker, stage.monitor(settings, broker) as monitor:
        return measure(settings, broker, monitor, tasks)


def measure(settings: Settings, broker: Broker, monitor: Monitor, tasks: int) -> Capacity:
    """The same on what stands already."""
    before, cpu, rss = task_events(monitor) or 0, monitor.cpu(), monitor.rss()
    noise, broker_cpu = Noise(monitor, broker), broker.cpu()
    window = _WINDOW if broker.kind == "amqp" else 0
    order = Order(tasks=tasks, window=window, ack_url=monitor.url if window else None)
    with Generator(broker.url, settings.shape, order) as generator:
        sent = watched(generator, monitor)
    wall = caught_up(settings, monitor, sent)
    cpu, others = monitor.cpu() - cpu, noise.percent(sent.cpu_s)
    broker_cpu = broker.cpu() - broker_cpu
    time.sleep(1)
    after = task_events(monitor)
    counted = None if after is None else after - before
    taken = sent.events if counted is None else counted
    return Capacity(
        batch=settings.shape.batch,
        events=sent.events,
        publish_s=sent.wall_s,
        wall_s=round(wall, 2),
        cpu_s=round(cpu, 2),
        events_per_wall_s=round(taken / wall),
        events_per_cpu_s=round(taken / cpu),
        idle_rss_mib=rss >> 20,
        peak_rss_mib=monitor.peak_rss() >> 20,
        end_rss_mib=monitor.rss() >> 20,
        broker_cpu_s=round(broker_cpu, 2),
        others_cpu_percent=others,
        counted=counted,
        lost=None if counted is None else sent.events - counted,
        states=states_right(monitor, sent.sample),
    )


def watched(generator: Generator, monitor: Monitor) -> Sent:
    """What a generator sent; the monitor's memory is looked at meanwhile."""
    while generator.running():
        monitor.rss()
        time.sleep(0.05)
    return generator.result()


def caught_up(settings: Settings, monitor: Monitor, sent: Sent) -> float:
    """Seconds from the first event to the last one visible (asked for slowly: every request is work for it too)."""
    start = sent.sent_monotonic - sent.wall_s
    while wait_visible(monitor.url, sent.probe, 0.2, 0.25) is None:
        monitor.rss()
        if time.monotonic() - start > settings.around.timeout:
            log("not caught up in time")
            break
    return time.monotonic() - start
