"""CPU that others use meanwhile."""

import os
import time

import psutil

from bench.brokers import Broker
from bench.progress import log
from bench.sut.monitor import Monitor


def busy() -> float:
    """CPU seconds that the machine was busy so far."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq + times.steal)


class Noise:
    """Busy time of the machine from now on, less what the monitor, the broker and this process take."""

    def __init__(self, monitor: Monitor, broker: Broker) -> None:
        self._monitor, self._broker = monitor, broker
        self._wall, self._busy, self._own = time.monotonic(), busy(), self._ours()

    def percent(self, more: float = 0.0) -> float:
        """CPU of others (100: one core); `more`: CPU seconds of ours that are not counted here, as a generator's."""
        ours = self._ours() - self._own + more
        return round(100 * (busy() - self._busy - ours) / (time.monotonic() - self._wall), 1)

    def _ours(self) -> float:
        times = os.times()
        return self._monitor.cpu() + self._broker.cpu() + times.user + times.system


def wait_quiet(percent: float, timeout: float) -> None:
    """Wait until others leave the machine alone, or for `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if psutil.cpu_percent(interval=1.5) * (psutil.cpu_count() or 1) <= percent:
            return
    if timeout:
        log("the machine is not quiet, going on")
