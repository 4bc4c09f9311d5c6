"""Sends a load at a rate, or as fast as it goes."""

import os
import time
from collections.abc import Sequence
from itertools import islice

from bench.load.messages import Message
from bench.load.order import Order, Sent
from bench.load.senders import Publisher, publisher
from bench.load.shape import Shape
from bench.load.stream import Load
from bench.sut.api import wait_visible

_HEARTBEAT = 2.0
"""Seconds, as Celery's workers."""

_AT_ONCE = 2000
"""Most events between two looks at the clock."""

_LAST = 100
"""Messages sent at once when the tasks in flight end."""

_ACKNOWLEDGED = 120.0
"""Seconds to wait for the monitor to have caught up with a window."""


class Run:
    """One generator at work."""

    def __init__(self, broker: str, shape: Shape, order: Order) -> None:
        self.load = Load(shape)
        self.order = order
        self._publisher: Publisher = publisher(self.load, broker)
        self._start = self._beat = time.monotonic()
        self._next_ack = order.window or float("inf")

    def send(self) -> Sent:
        """Send all of the order."""
        self._publish(self.load.worker_messages("worker-online"))
        self._start = self._beat = time.monotonic()
        while not self._over():
            self._heartbeat()
            if due := self._due():
                self._publish(self._batch(due))
                self._acknowledge()
            else:
                time.sleep(0.004)
        self._finish()
        wall = time.monotonic() - self._start
        probe, message = self.load.probe()
        self._publish([message])
        sent = self._sent(wall, probe)
        self._linger()
        self._publisher.close()
        return sent

    def _finish(self) -> None:
        """End all tasks in flight, at the rate: 30,000 of them at once would be a burst that nobody ordered."""
        left = self.load.finish()
        while batch := list(islice(left, _LAST)):
            self._heartbeat()
            while not self._due():
                time.sleep(0.004)
                self._heartbeat()
            self._publish(batch)

    def _publish(self, messages: Sequence[Message]) -> None:
        self._publisher.send(messages)

    def _over(self) -> bool:
        order = self.order
        late = bool(order.seconds) and time.monotonic() - self._start >= order.seconds
        return late or self._enough()

    def _enough(self) -> bool:
        return bool(self.order.tasks) and self.load.tasks >= self.order.tasks

    def _due(self) -> int:
        """Events that should have gone by now and have not."""
        if not self.order.rate:
            return 1000
        now, burst = time.monotonic() - self._start, self.load.shape.burst
        if burst:
            now = (now // burst + 1) * burst
        return max(0, min(_AT_ONCE, int(now * self.order.rate) - self.load.events))

    def _batch(self, due: int) -> list[Message]:
        goal, batch = self.load.events + due, []
        while self.load.events < goal and not self._enough():
            batch.append(self.load.next_message())
        return batch

    def _heartbeat(self) -> None:
        if (now := time.monotonic()) - self._beat >= _HEARTBEAT:
            self._beat = now
            self._publish(self.load.worker_messages())

    def _acknowledge(self) -> None:
        """After each window: wait until the monitor shows a probe."""
        if self.load.events < self._next_ack or self.order.ack_url is None:
            return
        probe, message = self.load.probe()
        self._publish([message])
        wait_visible(self.order.ack_url, probe, _ACKNOWLEDGED)
        self._next_ack = self.load.events + self.order.window

    def _linger(self) -> None:
        end = time.monotonic() + self.order.linger
        while time.monotonic() < end:
            time.sleep(_HEARTBEAT)
            self._publish(self.load.worker_messages())

    def _sent(self, wall: float, probe: str) -> Sent:
        load, sample = self.load, list(self.load.sample.items())
        times = os.times()
        return Sent(
            events=load.events,
            tasks=load.tasks,
            messages=self._publisher.messages,
            wall_s=round(wall, 3),
            events_per_s=round(load.events / wall),
            bytes=self._publisher.size,
            undelivered=self._publisher.undelivered,
            states=dict(load.states),
            types=dict(load.types),
            probe=probe,
            sent_monotonic=time.monotonic(),
            cpu_s=round(times.user + times.system, 3),
            sample=dict(sample if len(sample) <= 1000 else sample[:: len(sample) // 500]),
        )
