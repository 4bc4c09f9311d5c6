"""Ten thousand workers on one broker: whoever asks about them is answered."""

import contextlib
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bench.load.senders import RedisPublisher
from bench.load.shape import Shape
from bench.load.stream import Load
from tests.monitor.program import Monitor, monitor
from tests.support.processes import until
from tests.support.redis import RedisServer
from tests.support.threads import beside

COUNT = 10_000

#: What each says of how often it beats. One that is silent for three beats is lost, and on a busy machine a round of
#: them all takes longer than it would for the load's own.
OFTEN, SELDOM = '"freq": 2.0', '"freq": 60.0'

HOSTS = frozenset(Shape(workers=COUNT).worker_names())


def beat(broker: str, stopping: threading.Event) -> None:
    """A heartbeat of each, and again two seconds after all have sent one."""
    load = Load(Shape(workers=COUNT))
    with contextlib.closing(RedisPublisher(load, broker)) as publisher:
        while not stopping.is_set():
            messages = [
                message._replace(body=message.body.replace(OFTEN, SELDOM)) for message in load.worker_messages()
            ]
            for start in range(0, COUNT, 500):
                publisher.send(messages[start : start + 500])
            stopping.wait(2)


@pytest.fixture
def seen(redis: RedisServer, tmp_path: Path) -> Iterator[Monitor]:
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        with beside(partial(beat, redis.url)):
            until(lambda: started.get("/api/v1/summary")["workers"].get("online") == COUNT, "all are online")
            yield started


def test_v1_lists_them(seen: Monitor) -> None:
    assert {worker["hostname"] for worker in seen.get("/api/v1/workers")["items"]} == HOSTS


def test_flowers_api_lists_them(seen: Monitor) -> None:
    assert seen.get("/api/workers").keys() == HOSTS
    assert seen.get("/api/workers", status=True) == dict.fromkeys(HOSTS, True)


def test_metrics_have_a_series_of_each(seen: Monitor) -> None:
    online = re.findall(r'^flower_worker_online\{worker="(.+)"\} 1\.0$', seen.text("/metrics"), re.MULTILINE)

    assert set(online) == HOSTS
