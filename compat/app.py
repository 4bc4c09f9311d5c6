"""The Celery app of the workers, and of Flower, which publishes only tasks whose code it has."""

import os
import time
from typing import Any

BROKER, BACKEND = "COMPAT_BROKER", "COMPAT_BACKEND"
RESTARTS = "COMPAT_POOL_RESTARTS"
"""Environment variables: two URLs, and whether the worker's pool may be restarted (anything: yes)."""


def make(broker: str, backend: str, *, restarts: bool = False, quiet: bool = False) -> Any:
    """The app, with a task for every way in which one can end."""
    from celery import Celery

    made = Celery("compat", broker=broker, backend=backend)
    made.conf.update(
        worker_send_task_events=True,
        task_send_sent_event=not quiet,
        worker_pool_restarts=restarts,
        broker_connection_retry_on_startup=True,
        result_expires=600,
    )
    for task in (add, fail, sleep, say, parent):
        made.task(name=f"tasks.{task.__name__}")(task)
    for bound in (again, reject, progress):
        made.task(name=f"tasks.{bound.__name__}", bind=True)(bound)
    return made


def add(x: Any, y: Any) -> Any:
    """Succeeds, or fails by what it was given."""
    return x + y


def fail(text: str = "boom") -> None:
    """Fails."""
    raise KeyError(text)


def sleep(seconds: float) -> float:
    """Takes its time."""
    time.sleep(seconds)
    return seconds


def say(*args: Any, **kwargs: Any) -> str:
    """Takes anything."""
    return "said"


def parent() -> str:
    """Calls another."""
    from celery import current_app

    return str(current_app.tasks["tasks.add"].delay(20, 22).id)


def again(self: Any) -> None:
    """Is retried where nobody takes it: stays in RETRY."""
    raise self.retry(countdown=0, queue="nobody", exc=ValueError("try again"))


def reject(self: Any) -> None:
    """Is rejected."""
    from celery.exceptions import Reject

    raise Reject("no", requeue=False)


def progress(self: Any, seconds: float) -> str:
    """Says in the result backend how far it is."""
    self.update_state(state="PROGRESS", meta={"current": 3, "total": 10})
    time.sleep(seconds)
    return "done"


def __getattr__(name: str) -> Any:
    """`app`, made when `celery -A compat.app` asks for it: nothing is done at import."""
    if name != "app":
        raise AttributeError(name)
    return make(os.environ[BROKER], os.environ[BACKEND], restarts=bool(os.environ.get(RESTARTS)))
