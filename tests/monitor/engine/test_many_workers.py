"""Ten thousand workers on one broker: whoever asks about them is answered."""

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.load.senders import RedisPublisher
from bench.load.shape import Shape
from bench.load.stream import Load
from tests.monitor.program import Monitor, monitor
from tests.support.processes import until
from tests.support.redis import RedisServer

COUNT = 10_000

HOSTS = frozenset(Shape(workers=COUNT).worker_names())


def beat(broker: str, stopping: threading.Event) -> None:
    """A heartbeat of each every two seconds, as Celery's workers send them."""
    load = Load(Shape(workers=COUNT))
    with contextlib.closing(RedisPublisher(load, broker)) as publisher:
        while not stopping.is_set():
            messages = load.worker_messages()
            for start in range(0, COUNT, 500):
                publisher.send(messages[start : start + 500])
            stopping.wait(2)


@contextlib.contextmanager
def beating(broker: str) -> Iterator[None]:
    """They live while the block lasts."""
    stopping = threading.Event()
    thread = threading.Thread(target=beat, args=(broker, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@pytest.fixture
def seen(redis: RedisServer, tmp_path: Path) -> Iterator[Monitor]:
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        with beating(redis.url):
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
