"""Nothing of the monitor ever moves a message of somebody else.

On Redis, kombu hands an unacknowledged message back to its queue once it is older than the visibility timeout
of whoever waits for something, an hour by default: a task that is still running elsewhere then runs twice.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from celery import Celery

from tests.monitor.program import Monitor, monitor
from tests.support.celery import environment
from tests.support.processes import running, until
from tests.support.redis import RedisServer

AGE = 30 * 86400
"""Seconds: older than any default, and than any timeout that somebody would set."""


class Unacknowledged:
    """A message that a worker took long ago and still works on."""

    def __init__(self, url: str) -> None:
        self.client = redis_client.Redis.from_url(url)
        message = {"body": "e30=", "headers": {}, "properties": {"delivery_info": {}, "priority": 0}}
        self.client.hset("unacked", "tag-1", json.dumps([message, "", "celery"]))
        self.client.zadd("unacked_index", {"tag-1": time.time() - AGE})
        self.client.sadd("_kombu.binding.celery", "celery\x06\x16\x06\x16celery")

    def is_where_it_was(self) -> bool:
        return bool(self.client.hexists("unacked", "tag-1")) and self.client.llen("celery") == 0


@contextmanager
def patient_worker(broker: str, folder: Path) -> Iterator[None]:
    """A worker without events; a stock one would hand the message back itself."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "tests.monitor.web.patient_app", "worker"),
        *("--pool", "solo", "--hostname", "p1@test"),
    ]
    with running(command, folder / "p1.log", environment(broker)):
        yield


@pytest.fixture
def message(redis: RedisServer) -> Iterator[Unacknowledged]:
    made = Unacknowledged(redis.url)
    yield made
    made.client.close()


def test_a_stock_client_moves_it(redis: RedisServer, message: Unacknowledged) -> None:
    """What this file is about is real, and the tests below would see it."""
    with Celery(broker=redis.url, set_as_current=False) as app:
        until(lambda: app.control.inspect(timeout=1).ping() or not message.is_where_it_was(), "it is moved")


def asked(started: Monitor, **parameters: str) -> Any:
    """What the worker said when it was asked just now."""
    return (started.get("/api/workers", refresh=1, **parameters) or {}).get("p1@test", {})


def test_no_feature_of_the_monitor_does(redis: RedisServer, message: Unacknowledged, tmp_path: Path) -> None:
    """Events, asking for events, asking all workers and one, with and without answers."""
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        # The first question imports Celery, which takes its time on a busy machine.
        until(lambda: started.get("/api/workers", refresh=1) == {}, "nobody answers")
        assert started.get("/api/workers", refresh=1) == {}
        with patient_worker(redis.url, tmp_path):
            until(lambda: "asked for task events" in started.log, f"the worker is told: {started.log}")
            until(lambda: "stats" in asked(started), "the worker answers all")
            until(lambda: "active" in asked(started, workername="p1@test"), "the worker answers alone")
            assert started.get("/api/workers")
        started.get("/api/workers", refresh=1)

    assert message.is_where_it_was()
