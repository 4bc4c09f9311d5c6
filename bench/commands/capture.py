"""`capture`: what a real prefork worker puts into celeryev: a message of each type, sizes of task.multi messages."""

import collections
import json
import time
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from bench.brokers.redis import Redis
from bench.settings import Settings
from bench.worker_app import make
from bench.workers import worker

_KWARGS = {"customer": "c-001234", "region": "eu-west", "amount": "129.90", "order": "o-99887766"}


@dataclass(frozen=True, kw_only=True)
class Options:
    """None of its own."""


OPTIONS = Options


@dataclass
class Captured:
    """What was seen."""

    sizes: collections.Counter[int] = field(default_factory=collections.Counter)
    """Events in a task.multi message -> how many."""

    samples: dict[str, Any] = field(default_factory=dict)

    def add(self, channel: str, envelope: dict[str, Any]) -> None:
        """One message."""
        body = json.loads(b64decode(envelope["body"]))
        if isinstance(body, list):
            self.sizes[len(body)] += 1
        for event in body if isinstance(body, list) else [body]:
            sample = {"channel": channel, "envelope": {**envelope, "body": "…"}, "list": isinstance(body, list)}
            self.samples.setdefault(event["type"], {**sample, "event": event})

    def histogram(self) -> dict[str, Any]:
        """Sizes of messages."""
        mean = sum(size * count for size, count in self.sizes.items()) / max(1, sum(self.sizes.values()))
        return {"events_per_message": round(mean, 2), "histogram": dict(sorted(self.sizes.items()))}


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """Two loads, and one task of each other kind."""
    broker = Redis(settings.around.broker_port)
    sizes: dict[str, Any] = {}
    samples: dict[str, Any] = {}
    try:
        with broker.client() as client, client.pubsub() as pubsub:
            pubsub.psubscribe("/0.celeryev*")
            with worker(broker.url, "-c", "4", "-n", "w0@%h"):
                app = make(broker.url)
                drain(pubsub, 5, Captured(samples=samples))
                for name, calls in (("burst: 2000 tasks queued at once", 2000), ("50 tasks/s", 250), ("kinds", 0)):
                    captured = Captured(samples=samples)
                    send(app, pubsub, calls, captured)
                    drain(pubsub, 4, captured)
                    sizes[name] = captured.histogram()
            drain(pubsub, 1, Captured(samples=samples))
    finally:
        broker.stop()
    return {"samples": samples, "task_multi_sizes": sizes}


def send(app: Any, pubsub: Any, calls: int, captured: Captured) -> None:
    """Call a task so often, slowly where it is not often; 0: the tasks that fail and are retried."""
    if not calls:
        app.tasks["shop.orders.fail"].delay(1, **_KWARGS)
        app.tasks["shop.orders.retry"].delay(1, **_KWARGS)
    for _ in range(calls):
        app.tasks["shop.orders.ok"].delay(12345, "abc", **_KWARGS)
        if calls < 1000:
            drain(pubsub, 0.02, captured)


def drain(pubsub: Any, seconds: float, captured: Captured) -> None:
    """Note what comes in the next seconds."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        message = pubsub.get_message(timeout=left)
        if message and message["type"] == "pmessage":
            captured.add(message["channel"].decode(), json.loads(message["data"]))
