"""A task in every state, sent once to the workers that both programs see."""

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from compat.workers import WORKER

STATES = {
    "success": "SUCCESS",
    "failure": "FAILURE",
    "retry": "RETRY",
    "eta": "RECEIVED",
    "started": "STARTED",
    "revoked": "REVOKED",
    "expired": "REVOKED",
    "rejected": None,
    "pending": "PENDING",
    "nameless": "STARTED",
    "alone": "REJECTED",
    "custom": "UPLOADING",
    "parent": "SUCCESS",
    "texts": "SUCCESS",
    "late": "RECEIVED",
    "own": "RETRY",
    **{f"ordered{number}": "SUCCESS" for number in range(4)},
    "progress": "STARTED",
}
"""Name of a task in the scene -> the state it comes to rest in; None: one of several, by Celery's rules."""

Events = tuple[tuple[str, dict[str, Any]], ...]

CLIENT = "gen1@client"
"""Who sent a task, as Celery names clients."""

ITSELF = "itself"
"""Stands for the uuid of the task: Celery gives one that is retried itself as its parent."""

_ORDERED = {"name": "tasks.ordered", "args": "()", "kwargs": "{}", "retries": 0, "eta": None, "expires": None}


def _ordered(received: float, started: float, succeeded: float) -> Events:
    return (
        ("task-received", {**_ORDERED, "timestamp": received}),
        ("task-started", {"timestamp": started}),
        ("task-succeeded", {"timestamp": succeeded, "result": "1", "runtime": float(succeeded - started)}),
    )


_BY_HAND: Mapping[str, Events] = {
    "nameless": (("task-started", {}),),
    "alone": (("task-rejected", {}),),
    "custom": (("task-uploading", {"done": 3}),),
    "late": (
        ("task-received", {**_ORDERED, "name": "tasks.late", "timestamp": 1}),
        ("task-sent", {**_ORDERED, "name": "tasks.late", "timestamp": 2, "retries": 1, "hostname": CLIENT}),
    ),
    "own": (
        ("task-received", {**_ORDERED, "name": "tasks.own", "timestamp": 1}),
        ("task-started", {"timestamp": 2}),
        ("task-sent", {**_ORDERED, "name": "tasks.own", "timestamp": 3, "parent_id": ITSELF, "hostname": CLIENT}),
        ("task-retried", {"timestamp": 4, "exception": "ValueError('again')"}),
    ),
    "ordered0": _ordered(1, 20, 21),
    "ordered1": _ordered(2, 15, 30),
    "ordered2": _ordered(3, 10, 25),
    "ordered3": _ordered(4, 5, 29),
}
"""Tasks whose beginning nobody saw, that somebody made up, whose client is slow, and some in an order of their own."""

ETA = datetime(2035, 1, 1, tzinfo=UTC)
"""When the task with an ETA is due."""


def send(app: Any, quiet: Any, pid: int) -> dict[str, str]:
    """Send them all; name -> uuid.

    Args:
        app: Says what it sends, as clients with `task_send_sent_event` do.
        quiet: Does not: for what must not depend on whether its event comes before the worker's.
        pid: The worker's process, for events in its name: with another one it would seem to have been restarted.
    """
    made = {name: str(uuid.uuid5(uuid.NAMESPACE_URL, f"compat/{name}")) for name in STATES}
    for name, work in _tasks(app, quiet).items():
        work(made[name])
    for name, events in _BY_HAND.items():
        _dispatch(app, made[name], events, pid)
    return made


def _tasks(app: Any, quiet: Any) -> dict[str, Callable[[str], Any]]:
    def task(name: str, *args: Any, **options: Any) -> Callable[[str], Any]:
        kwargs = options.pop("kwargs", {})
        return lambda uuid: app.tasks[f"tasks.{name}"].apply_async(args, kwargs, task_id=uuid, **options)

    return {
        "success": task("add", 1, 2),
        "failure": task("fail", 'it\'s <b>"quoted"</b>'),
        "retry": lambda uuid: quiet.tasks["tasks.again"].apply_async((), task_id=uuid),
        "eta": task("add", 3, 4, eta=ETA),
        "started": task("sleep", 3600),
        "progress": task("progress", 3600),
        "revoked": lambda uuid: _revoked(app, uuid),
        "expired": task("add", 5, 6, expires=datetime.now(UTC) - timedelta(days=1)),
        "rejected": task("reject"),
        "pending": task("add", 7, 8, queue="nobody"),
        "parent": task("parent"),
        "texts": task("say", "ä", "x" * 2000, kwargs={"key": 'a "quoted" & <b>', "path": "C:\\temp"}),
    }


def _revoked(app: Any, uuid: str) -> None:
    """Revoked before it comes, so that no worker starts it."""
    app.control.revoke(uuid, reply=True, timeout=5)
    app.tasks["tasks.add"].apply_async((9, 10), task_id=uuid)


def _dispatch(app: Any, uuid: str, events: Events, pid: int) -> None:
    """Send events as their worker or client does, with times counted from a minute ago."""
    begin = time.time() - 60
    with app.connection_for_write() as connection:
        for kind, fields in events:
            times = {"timestamp": begin + fields["timestamp"]} if "timestamp" in fields else {}
            sent = {key: uuid if value == ITSELF else value for key, value in fields.items()} | times | {"uuid": uuid}
            with app.events.Dispatcher(connection, hostname=sent.pop("hostname", WORKER)) as dispatcher:
                dispatcher.pid = pid
                dispatcher.send(kind, **sent)
