"""A process that stands still, as on a node without CPU or with a stuck disk: SIGSTOP, and then it goes on."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import redis as redis_client

from tests.monitor.program import Monitor, monitor
from tests.support.events import sender
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer, redis_server
from tests.support.threads import beside


def beat(broker: str, stopping: threading.Event) -> None:
    """The worker lives, whatever a test waits for: one that is silent for some seconds is lost."""
    with sender(broker) as worker:
        while not stopping.wait(0.5):
            worker.send("worker-heartbeat", freq=2.0, active=0, processed=0)


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process stands still while the block lasts."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def stale(seen: Monitor) -> bool:
    """Whether /readyz says that ingest writes nothing."""
    return bool(json.loads(seen.text("/readyz"))["ingest"]["state"] == "stale")


def test_an_ingest_that_stood_still_is_told_and_takes_neither_tasks_nor_workers_with_it(
    redis: RedisServer, tmp_path: Path
) -> None:
    with monitor(redis.url, tmp_path) as seen, beside(partial(beat, redis.url)), sender(redis.url) as worker:
        seen.connected()
        seen.task(worker.task(), "SUCCESS")
        with stopped(seen.ingest()):
            tasks = [worker.task() for _ in range(100)]
            until(lambda: stale(seen), "it is told")
        for task in tasks:
            seen.task(task, "SUCCESS")
        until(lambda: seen.get("/readyz"), "it is ready again")

        assert "workers are lost" not in seen.log
        assert seen.get("/api/v1/gaps")["items"] == []


def test_an_ingest_that_redis_cut_off_while_it_stood_still_says_so_and_since_when(tmp_path: Path) -> None:
    limit = ("--client-output-buffer-limit", "pubsub", "1mb", "1mb", "1")
    options = ("--broker-transport-options", '{"health_check_interval": 2}')
    with (
        redis_server(tmp_path / "redis", *limit) as redis,
        redis_client.Redis(port=redis.port) as client,
        monitor(redis.url, tmp_path, *options) as seen,
        sender(redis.url) as worker,
    ):
        since = seen.connected()["broker"]["since"]
        with stopped(seen.ingest()):
            began, before = time.time(), worker.task()
            worker.send("task-failed", uuid="1", exception="x" * 2_000_000)
            until(lambda: not client.client_list(_type="pubsub"), "Redis loses patience")
            until(lambda: time.time() > began + 5, "longer than Redis may be silent")
        seen.connected(after=since)
        for task in (before, worker.task()):
            seen.task(task, "SUCCESS")
        (gap,) = seen.get("/api/v1/gaps")["items"]

    assert gap["why"] == "cut-off"
    assert gap["start"] < began + 1 < gap["end"]


def test_an_ingest_of_rabbitmq_that_stood_still_loses_nothing_and_counts_nothing_twice(
    rabbitmq: VirtualHost, tmp_path: Path
) -> None:
    """For longer than RabbitMQ waits for a heartbeat: it gives up the connection, and delivers anew."""
    with monitor(f"{rabbitmq.url}?heartbeat=1", tmp_path) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        with stopped(seen.ingest()):
            began, tasks = time.time(), [worker.task() for _ in range(100)]
            until(lambda: time.time() > began + 5, "two heartbeats are missed")
            tasks += [worker.task() for _ in range(100)]
        found = [seen.task(task, "SUCCESS") for task in tasks]

    assert {len(task["history"]) for task in found} == {3}


def test_a_redis_that_stood_still_makes_a_gap_and_is_used_again(redis: RedisServer, tmp_path: Path) -> None:
    options = ("--broker-transport-options", '{"health_check_interval": 3}')
    with monitor(redis.url, tmp_path, *options) as seen:
        since = seen.connected()["broker"]["since"]
        with stopped(redis.pid):
            seen.summary(state="disconnected")
        seen.connected(after=since)
        with sender(redis.url) as worker:
            seen.task(worker.task(), "SUCCESS")
        (gap,) = seen.get("/api/v1/gaps")["items"]

    assert (gap["why"], gap["detail"]) == ("disconnected", "Redis was silent for 6 s")
    assert gap["end"] - gap["start"] >= 6
