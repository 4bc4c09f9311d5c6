"""A monitor with the built pages, the Redis behind it, and a Celery worker."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.monitor.program import LOGIN, Monitor, monitor
from tests.support import ci
from tests.support.celery import announce, send, worker
from tests.support.processes import Program, until
from tests.support.redis import RedisServer, redis_server

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "monitor/flower_monitor/static/monitor.html"


class Site:
    """What a person watches in these tests."""

    login = LOGIN

    def __init__(self, folder: Path, redis: RedisServer, running: Monitor, prefix: str, backend: str = "") -> None:
        self.redis = redis
        self.monitor = running
        self.worker: Program | None = None
        self.url = f"http://127.0.0.1:{running.port}{prefix}/"
        self._folder = folder
        self._backend = backend
        self._ends = contextlib.ExitStack()

    def start_worker(self, name: str = "w1", pool: str = "solo", options: Sequence[str] = ()) -> Program:
        """A worker that sends events, once the monitor knows that it is online."""
        started = worker(self.redis.url, self._folder, name=name, pool=pool, backend=self._backend, options=options)
        self.worker = self._ends.enter_context(started)
        until(lambda: self._online(f"{name}@test"), f"{name} is online: {self.worker.log}")
        return self.worker

    def _online(self, hostname: str) -> bool:
        found = self.monitor.get("/api/v1/workers")
        return found is not None and (hostname, "online") in [(one["hostname"], one["state"]) for one in found["items"]]

    def send(self, task: str, *args: object) -> str:
        """Send a task; its id."""
        return send(self.redis.url, task, *args)

    def run(self, task: str, *args: object) -> str:
        """Send a task, and wait until the monitor knows that it ended; its id."""
        uuid = self.send(task, *args)
        self.monitor.task(uuid, "FAILURE" if task == "fail" else "SUCCESS", sent=True)
        return uuid

    def announce(self, name: str, *args: object, queue: str = "nobody") -> str:
        """Send a task of any name, by default to a queue that nobody reads: only that it was sent is known of it.

        Returns its id, once the monitor knows it.
        """
        uuid = announce(self.redis.url, name, *args, queue=queue)
        until(lambda: self.monitor.get(f"/api/v1/tasks/{uuid}"), f"{uuid} is known")
        return uuid

    def close(self) -> None:
        """End the worker."""
        self._ends.close()


@contextlib.contextmanager
def site(folder: Path, *options: str, prefix: str = "", results: bool = False) -> Iterator[Site]:
    """A monitor that receives events, for as long as the block lasts. With `results` there is a result backend.

    It waits long for workers: one that is too slow to answer would be on the page, and on the console.
    """
    if not PAGE.exists():
        ci.missing("the pages are not built; run `make dashboard`")
    with contextlib.ExitStack() as ends:
        redis = ends.enter_context(redis_server(folder / "redis"))
        backend = redis.url if results else ""
        more = ("--result-backend", backend) if results else ()
        patient = ("--inspect-timeout", "10000")
        running = ends.enter_context(monitor(redis.url, folder, *patient, *more, *options, prefix=prefix))
        running.connected()
        started = Site(folder, redis, running, prefix, backend)
        try:
            yield started
        finally:
            started.close()
