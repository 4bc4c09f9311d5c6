"""`selfcheck`: the load's messages beside those of Celery's own EventDispatcher."""

import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from bench.brokers.redis import Redis
from bench.load.senders import RedisPublisher
from bench.load.shape import Shape
from bench.load.stream import Load
from bench.settings import Settings

_SOFTWARE = ("sw_ident", "sw_ver", "sw_sys")
_BEAT: dict[str, Any] = {"freq": 2.0, "active": 1, "processed": 1, "loadavg": [0.1] * 3} | dict.fromkeys(_SOFTWARE, "")
_CALL: dict[str, Any] = {"name": "n", "args": "()", "kwargs": "{}"}
_PLACE = {"uuid": "u", "root_id": "u", "parent_id": None}
_LATER: dict[str, Any] = {"retries": 0, "eta": None, "expires": None}
_SENT: dict[str, Any] = {**_PLACE, **_CALL, **_LATER, "queue": "q", "exchange": "", "routing_key": "q"}
_ERROR: dict[str, Any] = {"uuid": "u", "exception": "", "traceback": ""}
_WORKERS: dict[str, dict[str, Any]] = {
    "task-received": {"uuid": "u", **_CALL, "root_id": "u", "parent_id": None, **_LATER},
    "task-started": {"uuid": "u"},
    "task-succeeded": {"uuid": "u", "result": "", "runtime": 0.1},
    "task-failed": _ERROR,
    "task-retried": _ERROR,
}
_TYPES = len(_WORKERS) + 3
"""With task-sent, worker-online and worker-heartbeat."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """None of its own."""


OPTIONS = Options


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """Types of events, and those that differ."""
    broker = Redis(settings.around.broker_port)
    try:
        with broker.client() as client, client.pubsub() as pubsub:
            pubsub.psubscribe("/0.celeryev*")
            celery(broker.url)
            real = read(pubsub, _TYPES)
            ours(broker.url)
            made = read(pubsub, _TYPES)
    finally:
        broker.stop()
    differ = {kind: {"celery": real[kind], "bench": made.get(kind)} for kind in real if real[kind] != made.get(kind)}
    return {"types": sorted(real), "differ": differ}


def celery(url: str) -> None:
    """Publish one event of each type as Celery does."""
    from celery import Celery

    app = Celery(broker=url, set_as_current=False)
    with app.connection_for_write() as connection:
        worker = app.events.Dispatcher(connection, hostname="w@h", buffer_group=["task"])
        worker.send("worker-online", **_BEAT)
        worker.send("worker-heartbeat", **_BEAT)
        client = app.events.Dispatcher(connection, hostname="c@h")
        client.publish("task-sent", _SENT, client.producer)
        for kind, fields in _WORKERS.items():
            worker.send(kind, **fields)
            worker.flush()


def ours(url: str) -> None:
    """Publish some events of each type as the load does."""
    load = Load(Shape(batch="1", retry=0.3, fail=0.3, in_flight=5))
    publisher = RedisPublisher(load, url)
    publisher.send([*load.worker_messages("worker-online"), *load.worker_messages()])
    publisher.send([load.next_message() for _ in range(200)])
    publisher.close()


def read(pubsub: Any, count: int) -> dict[str, Any]:
    """Type -> channel, and the form of its envelope and event, until so many types were seen."""
    found: dict[str, Any] = {}
    while len(found) < count and (message := pubsub.get_message(timeout=60)) is not None:
        if message["type"] == "pmessage":
            envelope = json.loads(message["data"])
            body = json.loads(b64decode(envelope.pop("body")))
            event = body[0] if isinstance(body, list) else body
            channel = message["channel"].decode()
            found[event["type"]] = [channel, form(envelope), type(body).__name__, form(event)]
    return found


def form(value: Any) -> Any:
    """Names and types, in order, without values."""
    if isinstance(value, dict):
        return [[name, form(item)] for name, item in value.items()]
    if isinstance(value, list):
        return [form(item) for item in value[:1]]
    return type(value).__name__
