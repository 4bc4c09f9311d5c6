"""What kill -9 costs: on Redis what was not yet committed, on RabbitMQ nothing; and every process comes back."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.monitor.program import Monitor, dead, monitor
from tests.support.events import sender
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer


class Flow:
    """Tasks that end one after the other, until told to stop."""

    def __init__(self, broker: str) -> None:
        self.sent: list[str] = []
        self._broker = broker
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with sender(self._broker) as worker:
            while not self._stopping.wait(0.02):  # not more than can be looked at one by one
                self.sent.append(worker.task())

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


@pytest.fixture
def flow(request: pytest.FixtureRequest) -> Iterator[Flow]:
    broker: RedisServer | VirtualHost = request.getfixturevalue(request.param)
    started = Flow(broker.url)
    yield started
    started.stop()


def kill_ingest(seen: Monitor) -> None:
    """kill -9, and wait until another receives."""
    before, at = seen.ingest(), time.time()
    os.kill(before, signal.SIGKILL)
    until(lambda: seen.ingest() != before or None, "ingest is started again")
    seen.connected(after=at)


def states(seen: Monitor) -> dict[str, int]:
    found: dict[str, int] = seen.get("/api/v1/summary")["tasks"]["states"]
    return found


@pytest.mark.parametrize("flow", ["redis"], indirect=True)
def test_on_redis_what_was_committed_is_there_after_kill_9(redis: RedisServer, tmp_path: Path, flow: Flow) -> None:
    with monitor(redis.url, tmp_path) as seen:
        committed = seen.kept(50)["tasks"]["kept"]
        kill_ingest(seen)
        assert seen.kept(committed)["tasks"]["kept"] >= committed
        last = len(flow.sent)
        until(lambda: len(flow.sent) > last + 20 or None, "more events")
        newest = flow.sent[-1]
        flow.stop()

        assert seen.task(newest, "SUCCESS")
        assert "ingest ended unexpectedly (signal SIGKILL); it is started again" in seen.log


@pytest.mark.parametrize("flow", ["rabbitmq"], indirect=True)
def test_on_rabbitmq_kill_9_loses_nothing_and_counts_nothing_twice(
    rabbitmq: VirtualHost, tmp_path: Path, flow: Flow
) -> None:
    with monitor(rabbitmq.url, tmp_path) as seen:
        seen.connected()
        first = len(flow.sent) + 1
        for _ in range(3):
            kill_ingest(seen)
        flow.stop()
        sent = flow.sent[first:]
        seen.task(sent[-1], "SUCCESS")

        found = {task: seen.get(f"/api/v1/tasks/{task}") for task in sent}

    assert [task for task in sent if not found[task]] == []
    assert {len(task["history"]) for task in found.values()} == {3}


def test_on_rabbitmq_events_wait_while_the_monitor_is_away(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with monitor(rabbitmq.url, tmp_path) as seen:
        seen.connected()
        seen.program.stop()
        with sender(rabbitmq.url) as worker:
            missed = [worker.task() for _ in range(20)]
        seen.restart()

        for task in missed:
            seen.task(task, "SUCCESS")


def test_history_survives_a_stop_and_a_start(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with sender(redis.url) as worker:
            task = worker.task()
        seen.task(task, "SUCCESS")
        assert seen.program.stop() == 0
        assert "killed" not in seen.log
        seen.restart()

        assert seen.task(task, "SUCCESS")["name"] == "t"


def test_a_web_process_that_dies_is_started_again(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        os.kill(seen.program.child("flower_monitor.child web").pid, signal.SIGKILL)

        until(lambda: "web ended unexpectedly (signal SIGKILL)" in seen.log or None, "it is told")
        seen.connected()


def test_the_children_end_with_a_supervisor_that_is_killed(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        children = seen.program.children()
        assert len(children) == 2
        seen.program.kill()

        until(lambda: all(map(dead, children)), "they end")
