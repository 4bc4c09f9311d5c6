"""A policy sizes the pool of a real worker, from its queue's backlog to the last task and back."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.monitor.program import Monitor, monitor
from tests.support.celery import send, worker
from tests.support.processes import Program, until
from tests.support.redis import RedisServer

W1 = "w1@test"
POLICY = "/api/v1/autoscale/policies/tests"
QUICK = {"scaleDownStep": 10, "stabilizationSeconds": {"up": 0, "down": 0}, "cooldown": 0}


@pytest.fixture
def running(redis: RedisServer, tmp_path: Path) -> Iterator[tuple[Monitor, Program]]:
    """A monitor and a worker with two processes."""
    with patient(redis, tmp_path) as started, worker(redis.url, tmp_path, pool="prefork") as program:
        started.connected()
        until(lambda: size(started) == 2, f"the worker has said its size: {started.log[-2000:]}")
        yield started, program


def patient(redis: RedisServer, folder: Path) -> AbstractContextManager[Monitor]:
    """A monitor that gives a worker on a busy machine the time to answer."""
    return monitor(redis.url, folder, "--inspect-timeout", "10000")


def size(started: Monitor) -> int | None:
    """The size of the worker's pool, as the numbers for KEDA have it."""
    found = started.get("/api/v1/autoscale/queues/tests")
    return found["capacity"] if found else None


def put(started: Monitor, policy: dict[str, Any]) -> None:
    answer = started._client.put(POLICY, json=policy)
    assert answer.status_code == 200, answer.text


def reached(started: Monitor) -> list[str]:
    """The sizes that the policy has reached, as the audit has them, the first first.

    A worker that was too slow to answer has reached one that it is not known of.
    """
    found = started.get("/api/v1/audit")["items"]
    ours = [entry for entry in found if entry["user"] == "autoscale:tests" and entry["status"] == 200]
    return [entry["outcome"].partition(" -> ")[2] for entry in ours][::-1]


def counted(started: Monitor, result: str) -> bool:
    """Whether the metrics have it of the policy; they are 503 for a moment where the broker is slow to answer."""
    return f'policy="tests",result="{result}"}}' in started.text("/api/v1/autoscale/metrics")


def test_a_backlog_grows_the_pool_and_its_end_shrinks_it_under_no_running_task(
    running: tuple[Monitor, Program], redis: RedisServer, tmp_path: Path
) -> None:
    started, _ = running
    short, long = tmp_path / "short", tmp_path / "long"
    put(started, {"match": {"queue": "tests"}, "min": 1, "max": 4, "target": 1, **QUICK})
    slow = send(redis.url, "hold", str(long))
    started.task(slow, "STARTED")
    others = [send(redis.url, "hold", str(short)) for _ in range(5)]

    until(lambda: size(started) == 4, f"the pool has grown: {started.get(POLICY)} {started.log[-2000:]}")
    short.touch()
    for uuid in others:
        started.task(uuid, "SUCCESS")
    until(lambda: size(started) == 1, f"the pool has shrunk: {started.get(POLICY)} {started.log[-2000:]}")
    still = started.get(f"/api/v1/tasks/{slow}")["state"]
    long.touch()
    done = started.task(slow, "SUCCESS")

    assert still == "STARTED"
    assert [entry["type"] for entry in done["history"]].count("task-started") == 1
    until(lambda: reached(started)[-1:] == ["1"], f"the audit: {reached(started)}")
    assert "4" in reached(started)
    until(lambda: counted(started, "grown") and counted(started, "shrunk"), "the metrics have both")


def test_a_worker_that_comes_back_gets_its_size_again(redis: RedisServer, tmp_path: Path) -> None:
    with patient(redis, tmp_path) as started:
        started.connected()
        with worker(redis.url, tmp_path, pool="prefork"):
            put(started, {"match": {"hostname": "w1@*"}, "min": 3, "max": 3, **QUICK})
            until(lambda: size(started) == 3, f"the pool has grown: {started.log[-2000:]}")
        with worker(redis.url, tmp_path, pool="prefork"):
            until(lambda: reached(started).count("3") > 1, f"it has grown again: {started.log[-2000:]}")
            until(lambda: size(started) == 3, f"the numbers for KEDA say so: {started.log[-2000:]}")
