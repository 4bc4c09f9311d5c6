"""A monitor with the built pages, the Redis behind it, and a Celery worker."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from celery import Celery

from tests.monitor.program import LOGIN, Monitor, monitor
from tests.support import ci, ports
from tests.support.celery import send, worker
from tests.support.processes import Program
from tests.support.redis import RedisServer, redis_server

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "monitor/flower_monitor/static/monitor.html"


class Site:
    """What a person watches in these tests."""

    login = LOGIN

    def __init__(self, folder: Path, redis: RedisServer, running: Monitor, prefix: str) -> None:
        self.redis = redis
        self.monitor = running
        self.worker: Program | None = None
        self.url = f"http://127.0.0.1:{running.port}{prefix}/"
        self._folder = folder
        self._ends = contextlib.ExitStack()

    def start_worker(self) -> Program:
        """A worker that sends events."""
        self.worker = self._ends.enter_context(worker(self.redis.url, self._folder))
        return self.worker

    def send(self, task: str, *args: object) -> str:
        """Send a task; its id."""
        return send(self.redis.url, task, *args)

    def run(self, task: str, *args: object) -> str:
        """Send a task, and wait until the monitor knows that it ended; its id."""
        uuid = self.send(task, *args)
        self.monitor.task(uuid, "FAILURE" if task == "fail" else "SUCCESS")
        return uuid

    def announce(self, name: str, *args: object) -> str:
        """Send a task of any name to a queue that nobody reads: only that it was sent is known of it."""
        with Celery("tests", broker=self.redis.url, set_as_current=False) as app:
            app.conf.task_send_sent_event = True
            uuid: str = app.send_task(name, args, queue="nobody", ignore_result=True).id
        return uuid

    def close(self) -> None:
        """End the worker."""
        self._ends.close()


@contextlib.contextmanager
def site(folder: Path, *options: str, prefix: str = "") -> Iterator[Site]:
    """A monitor that receives events, for as long as the block lasts."""
    if not PAGE.exists():
        ci.missing("the pages are not built; run `make dashboard`")
    with redis_server(folder / "redis") as redis, monitor(redis.url, folder, *options) as running:
        ports.wait(running.port)
        if not prefix:
            running.connected()
        started = Site(folder, redis, running, prefix)
        try:
            yield started
        finally:
            started.close()
