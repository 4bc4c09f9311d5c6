"""What a run stands on: a broker and a monitor that takes events in."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from bench import brokers
from bench.brokers import Broker
from bench.fake_workers import FakeWorkers
from bench.measure.probes import wait_ingesting
from bench.settings import Settings
from bench.sut.monitor import Monitor


@contextlib.contextmanager
def broker(settings: Settings, *, unlimited: bool = False) -> Iterator[Broker]:
    """A broker for as long as the block lasts."""
    made = brokers.start(settings.around.broker, settings.around.broker_port, unlimited=unlimited)
    try:
        yield made
    finally:
        made.stop()


@contextlib.contextmanager
def monitor(
    settings: Settings,
    on: Broker,
    *,
    max_tasks: int | None = None,
    db: Path | None = None,
    interval_ms: int = 0,
    rest: float = 2.0,
) -> Iterator[Monitor]:
    """A monitor that has shown a task, and `rest` seconds later."""
    with Monitor(settings.choice, on, max_tasks=max_tasks, db=db, interval_ms=interval_ms) as made:
        wait_ingesting(on.url, made)
        time.sleep(rest)
        yield made


@contextlib.contextmanager
def answering(settings: Settings, *, unlimited: bool = False) -> Iterator[Broker]:
    """A broker with workers that answer what a monitor asks of them."""
    shape = settings.shape
    with broker(settings, unlimited=unlimited) as made, FakeWorkers(made.url, shape):
        yield made
