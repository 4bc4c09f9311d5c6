"""Answers of many workers to inspect commands, without the workers.

A monitor that starts asks all workers for stats, queues, registered tasks and so on; this replies for each name as
celery.worker.control does, through kombu's own pidbox.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench.load.shape import Shape

_BROKER: dict[str, Any] = {
    "hostname": "127.0.0.1",
    "userid": None,
    "virtual_host": "0",
    "port": 6379,
    "insist": False,
    "ssl": False,
    "transport": "redis",
    "connect_timeout": 4,
    "transport_options": {},
    "login_method": None,
    "uri_prefix": None,
    "heartbeat": 0,
    "failover_strategy": "round-robin",
    "alternates": [],
}
_WRITES = {
    "total": 100,
    "avg": "0.25",
    "all": "0.25",
    "raw": "25, 25, 25, 25",
    "strategy": "fair",
    "inqueues": {"total": 4, "active": 0},
}
_POOL = {
    "implementation": "celery.concurrency.prefork:TaskPool",
    "max-concurrency": 4,
    "processes": [101, 102, 103, 104],
    "max-tasks-per-child": "N/A",
    "put-guarded-by-semaphore": False,
    "timeouts": [0, 0],
    "writes": _WRITES,
}
_USAGE = "utime stime maxrss ixrss idrss isrss minflt majflt nswap inblock oublock msgsnd msgrcv nsignals nvcsw nivcsw"
_STATS = {
    "broker": _BROKER,
    "clock": "1234",
    "uptime": 3600,
    "pid": 4711,
    "prefetch_count": 16,
    "pool": _POOL,
    "rusage": dict.fromkeys(_USAGE.split(), 1.0),
}
_FLAGS = {"durable": True, "auto_delete": False, "no_declare": False}
_EXCHANGE = {"name": "celery", "type": "direct", "arguments": None, "passive": False, "delivery_mode": None, **_FLAGS}
_UNSET = (
    "queue_arguments binding_arguments consumer_arguments alias expires message_ttl max_length max_length_bytes "
    "max_priority"
)
_QUEUE: dict[str, Any] = {
    "name": "celery",
    "exchange": _EXCHANGE,
    "routing_key": "celery",
    "exclusive": False,
    "no_ack": False,
    "bindings": [],
    **dict.fromkeys(_UNSET.split()),
    **_FLAGS,
}


def replies(broker: str, names: Sequence[str]) -> dict[str, Callable[..., Any]]:
    """Command -> what a worker with tasks of these names answers."""
    constant = {
        "ping": {"ok": "pong"},
        "stats": {**_STATS, "total": dict.fromkeys(names, 123)},
        "active_queues": [_QUEUE],
        "registered": list(names),
        "scheduled": [],
        "active": [],
        "reserved": [],
        "revoked": [],
        "conf": {"broker_url": broker, "timezone": "UTC"},
        "enable_events": {"ok": "task events already enabled"},
        "heartbeat": None,
        "revoke": {"ok": "tasks flagged as revoked"},
    }
    return {command: lambda state, answer=answer, **_: answer for command, answer in constant.items()}


def serve(broker: str, hostnames: Sequence[str], names: Sequence[str]) -> None:
    """Answer for all of them, until the parent is gone."""
    from celery import Celery
    from kombu import pidbox

    app = Celery(broker=broker)
    with app.connection() as connection:
        pool = app.amqp.producer_pool
        box = pidbox.Mailbox("celery", type="fanout", accept=["json"], serializer="json", producer_pool=pool)
        consumers = [listen(box(connection), name, replies(broker, names)) for name in hostnames]
        while os.getppid() != 1 and consumers:
            try:
                connection.drain_events(timeout=1)
            except TimeoutError:
                continue
            except KeyboardInterrupt:
                return


def listen(box: Any, hostname: str, handlers: dict[str, Callable[..., Any]]) -> Any:
    """One worker's consumer."""
    node = box.Node(hostname, handlers=handlers, channel=box.connection.channel(), state=None)
    return node.listen(callback=node.handle_message)


class FakeWorkers:
    """A process that answers for the workers of a load."""

    def __init__(self, broker: str, shape: Shape) -> None:
        self._process = multiprocessing.get_context("spawn").Process(
            target=serve,
            args=(broker, shape.worker_names(), shape.task_names()),
            daemon=True,
        )

    def __enter__(self) -> "FakeWorkers":
        self._process.start()
        time.sleep(1.5)  # its subscription is not seen from here
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()
