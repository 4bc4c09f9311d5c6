"""Events are lost for real: the monitor says how many, from when to when, of whom, and why."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import redis as redis_client
from celery import Celery

from tests.monitor.program import Monitor, monitor
from tests.support import celery
from tests.support.processes import Program, until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

ADD = "tests.support.celery_app.add"

ENDED = "] succeeded in "
"""Of the line that a worker logs of each task that ended."""


class Load:
    """Tasks sent one after the other, until told to stop: no more than a worker on a busy machine runs meanwhile."""

    def __init__(self, broker: str) -> None:
        self.sent = 0
        self._app = Celery("load", broker=broker, set_as_current=False)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.wait(0.01):
            self._app.send_task(ADD, (1, 2), queue="tests", ignore_result=True)
            self.sent += 1

    def stop(self) -> None:
        """No more."""
        self._stopping.set()
        self._thread.join()
        self._app.close()


@contextmanager
def load(broker: str) -> Iterator[Load]:
    """Load while the block lasts."""
    made = Load(broker)
    try:
        yield made
    finally:
        made.stop()


class Watched(NamedTuple):
    """Who runs tasks, who sends them and who sees it."""

    seen: Monitor
    program: Program
    tasks: Load

    def runs(self, count: int) -> None:
        """Wait until the worker has run so many tasks more, by its own log: it may be behind those who send them."""
        before = self.program.log.count(ENDED)
        until(lambda: self.program.log.count(ENDED) >= before + count, f"{count} tasks run")

    def judged(self) -> Any:
        """Send no more; the worker once its own count of all tasks has been held against the events."""
        self.tasks.stop()
        return judged(self.seen, self.tasks.sent)


@contextmanager
def watched(url: str, broker: str, folder: Path, *options: str, events: bool = True) -> Iterator[Watched]:
    """A monitor, by a URL of its own, that listens before a worker starts; and load while the block lasts."""
    with contextlib.ExitStack() as stack:
        seen = stack.enter_context(monitor(url, folder, *options))
        seen.connected()
        program = stack.enter_context(celery.worker(broker, folder, events=events))
        yield Watched(seen, program, stack.enter_context(load(broker)))


def worker(seen: Monitor) -> Any:
    """The one worker that is online."""
    found = seen.get("/api/v1/workers")
    online = [one for one in found["items"] if one["state"] == "online"] if found else []
    return online[0] if online else None


def judged(seen: Monitor, sent: int) -> Any:
    """The worker once its own count of all tasks has been held against the events."""
    return until(
        lambda: found if (found := worker(seen)) and found["tasks_due"] >= sent else None,
        f"{sent} tasks are judged: {worker(seen)} {seen.log[-1000:]}",
    )


def starts(seen: Monitor) -> int:
    """Events task-started that were seen."""
    count: int = (worker(seen) or {"counters": {}})["counters"].get("task-started", 0)
    return count


def judged_after_absence(place: Watched) -> Any:
    """Stop the monitor while tasks run on, start it again, and return the worker as `judged` does."""
    seen = place.seen
    until(lambda: starts(seen) > 50 or None, "tasks run")
    until(lambda: (worker(seen) or {"tasks_due": 0})["tasks_due"] or None, "the worker is watched")
    seen.program.stop()
    place.runs(150)
    seen.restart()
    seen.connected()
    return place.judged()


def test_a_connection_that_is_cut_makes_a_gap_with_the_number_of_tasks(redis: RedisServer, tmp_path: Path) -> None:
    url = redis.url.replace("//", "//flower:secret@")
    client = redis_client.Redis(port=redis.port)
    client.acl_setuser("flower", enabled=True, passwords=["+secret"], categories=["+@all"], channels=["*"], keys=["*"])
    with watched(url, redis.url, tmp_path) as place, client:
        seen = place.seen
        until(lambda: starts(seen) > 50 or None, "tasks run")
        client.acl_setuser("flower", enabled=False)
        client.client_kill_filter(user="flower")
        place.runs(150)
        client.acl_setuser("flower", enabled=True)
        seen.connected()
        found = place.judged()
        (gap,) = [one for one in seen.get("/api/v1/gaps")["items"] if one["missed"]]
        notices = seen.get("/api/v1/summary")["notices"]
        metrics = seen.text("/metrics")

    missed = place.tasks.sent - starts_of(found)
    assert missed >= 100
    assert found["tasks_missed"] == missed == gap["missed"] == gap["workers"]["w1@test"]
    assert gap["why"] == "disconnected"
    assert gap["start"] < gap["end"]
    (told,) = [notice["message"] for notice in notices if notice["code"] == "events-missed"]
    assert f"{missed} were not seen" in told
    assert f"flower_monitor_tasks_missed_total {float(missed)}" in metrics


def starts_of(found: Any) -> int:
    """Events task-started that were seen of a worker."""
    count: int = found["counters"]["task-started"]
    return count


def test_when_nothing_is_lost_nothing_is_missing(redis: RedisServer, tmp_path: Path) -> None:
    with watched(redis.url, redis.url, tmp_path) as place:
        until(lambda: starts(place.seen) > 300 or None, "tasks run")
        found = place.judged()
        gaps = place.seen.get("/api/v1/gaps")["items"]
        events = place.seen.get("/api/v1/summary")["events"]

    assert (found["tasks_due"], found["tasks_missed"]) == (place.tasks.sent, 0)
    assert gaps == []
    assert (events["seen"], events["missed"]) == (1.0, 0)


def test_what_ran_while_the_monitor_was_away_is_a_gap_on_redis(redis: RedisServer, tmp_path: Path) -> None:
    with watched(redis.url, redis.url, tmp_path) as place:
        found = judged_after_absence(place)
        (gap,) = [one for one in place.seen.get("/api/v1/gaps")["items"] if one["missed"]]

    assert found["tasks_missed"] == place.tasks.sent - starts_of(found) == gap["missed"] >= 100
    assert gap["why"] == "stopped"


def test_on_rabbitmq_nothing_is_missing_after_a_restart(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with watched(rabbitmq.url, rabbitmq.url, tmp_path) as place:
        found = judged_after_absence(place)
        gaps = place.seen.get("/api/v1/gaps")["items"]

    assert found["tasks_missed"] == 0
    assert [one for one in gaps if one["missed"]] == []


def test_a_worker_without_task_events_is_said_to_send_none(redis: RedisServer, tmp_path: Path) -> None:
    with watched(redis.url, redis.url, tmp_path, "--no-enable-events", events=False) as place:
        place.runs(100)
        found = place.judged()
        (gap,) = place.seen.get("/api/v1/gaps")["items"]

    assert found["tasks_missed"] == gap["missed"] == place.tasks.sent
    assert gap["why"] == "not-sent"
