"""Something to ask: a monitor of a Redis, with a worker that has run a task."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.monitor.program import LOGIN, Monitor, monitor
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import redis_server

QUEUE = "tests"
WORKER = "w1@test"


class Stage(NamedTuple):
    """What is there."""

    monitor: Monitor
    task: str
    """Id of a task that has succeeded."""

    @property
    def url(self) -> str:
        """The monitor's address."""
        return f"http://127.0.0.1:{self.monitor.port}"

    def still_works(self) -> None:
        """Wait until the worker has done a command, one that changes nothing."""
        there, body = f"{self.url}/api/worker/queue/cancel-consumer/{WORKER}", {"queue": "nothing"}
        until(lambda: httpx.post(there, json=body, auth=LOGIN, timeout=PATIENCE).is_success, f"{WORKER} obeys")

    @property
    def names(self) -> dict[str, str]:
        """What schemathesis.toml wants to know."""
        return {
            "FUZZ_WORKER": WORKER,
            "FUZZ_TASK_NAME": "tests.support.celery_app.add",
            "FUZZ_TASK": self.task,
            "FUZZ_QUEUE": QUEUE,
        }


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """It. The pool is one of threads: of processes, somebody could ask for ten thousand."""
    with (
        redis_server(folder / "redis") as redis,
        worker(redis.url, folder, backend=redis.url, pool="threads"),
        monitor(redis.url, folder, "--result-backend", redis.url) as started,
    ):
        started.connected()
        task = send(redis.url, "add", 1, 2)
        started.task(task, "SUCCESS")
        yield Stage(started, task)
