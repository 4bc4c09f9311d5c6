"""Lag as a user sees it: a task is published, and asked for until the monitor shows it."""

import time

from bench.load.senders import publisher
from bench.load.shape import Shape
from bench.load.stream import Load
from bench.sut.api import wait_visible
from bench.sut.monitor import Monitor


class Prober:
    """Publishes probes and notes how long each took."""

    def __init__(self, broker: str, monitor: Monitor) -> None:
        self.load = Load(Shape(seed=8))
        self._publisher = publisher(self.load, broker)
        self._url = monitor.url
        self.lags: list[tuple[float, float | None]] = []
        """When a probe was answered (monotonic), and the seconds it took; None for one that never showed."""

    def __enter__(self) -> "Prober":
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.close()

    def probe(self, timeout: float = 60, interval: float = 0.02) -> float | None:
        """One probe; its lag in seconds."""
        uuid = self.publish()
        lag = wait_visible(self._url, uuid, timeout, interval)
        self.lags.append((time.monotonic(), lag))
        return lag

    def publish(self) -> str:
        """One that nobody waits for; its id."""
        uuid, message = self.load.probe()
        self._publisher.send([message])
        return uuid

    def online(self) -> None:
        """Say that all workers are online."""
        self._publisher.send(self.load.worker_messages("worker-online"))

    def heartbeat(self) -> None:
        """One heartbeat from each worker."""
        self._publisher.send(self.load.worker_messages())


def wait_ingesting(broker: str, monitor: Monitor, timeout: float = 60) -> None:
    """Wait until the monitor shows probes: it has subscribed and takes events in."""
    deadline = time.monotonic() + timeout
    with Prober(broker, monitor) as prober:
        prober.online()
        while time.monotonic() < deadline:
            if prober.probe(0.3) is not None:
                return
    raise TimeoutError(f"the monitor shows no task\n{monitor.log()[-3000:]}")
