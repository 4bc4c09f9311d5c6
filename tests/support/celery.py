"""Real Celery workers."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .patience import PATIENCE
from .processes import Program, running, until

REPOSITORY = Path(__file__).parents[2]


@contextlib.contextmanager
def worker(
    broker: str,
    folder: Path,
    *,
    name: str = "w1",
    events: bool = True,
    keyprefix: str = "",
    backend: str = "",
    pool: str = "solo",
    serializer: str = "json",
    options: Sequence[str] = (),
) -> Iterator[Program]:
    """A worker of tests.support.celery_app that is ready for tasks and hears commands, in one process.

    With the pool `solo` it answers nothing while a task runs; with `threads` it does. `options` are more of the command
    line's.
    """
    command = [
        *(sys.executable, "-m", "celery", "-A", "tests.support.celery_app", "worker"),
        *("--pool", pool, "--concurrency", "2", "--loglevel", "INFO", "--hostname", f"{name}@test"),
        *(["--events"] if events else []),
        *options,
    ]
    env = environment(broker, keyprefix, backend, serializer)
    with running(command, folder / f"{name}.log", env) as program:
        until(lambda: " listens." in program.log or not program.alive(), "the worker listens")
        assert program.alive(), program.log
        yield program


def send(broker: str, task: str, *args: object, keyprefix: str = "", serializer: str = "json") -> str:
    """Send a task from a process of its own, as clients do; its id."""
    code = f"from tests.support.celery_app import {task}; print({task}.delay(*{args!r}).id)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        env=environment(broker, keyprefix, serializer=serializer),
        timeout=PATIENCE,
    )
    return done.stdout.strip()


def environment(broker: str, keyprefix: str = "", backend: str = "", serializer: str = "json") -> dict[str, str]:
    """For tests.support.celery_app."""
    ours = {
        "TESTS_BROKER_URL": broker,
        "TESTS_KEYPREFIX": keyprefix,
        "TESTS_RESULT_BACKEND": backend,
        "TESTS_EVENT_SERIALIZER": serializer,
    }
    return {**os.environ, **ours, "PYTHONPATH": str(REPOSITORY)}


def announce(broker: str, task: str, *args: object, queue: str = "nobody") -> str:
    """Send a task of any name, by default to a queue that nobody reads: only that it was sent is known of it.

    Returns its id.
    """
    from celery import Celery

    with Celery("tests", broker=broker, set_as_current=False) as app:
        app.conf.task_send_sent_event = True
        uuid: str = app.send_task(task, args, queue=queue, ignore_result=True).id
    return uuid
