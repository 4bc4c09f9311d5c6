"""Celery app for the real workers of `capture` and `control`; the broker's URL comes from the environment."""

import os
import time
from typing import Any

from celery import Celery

BROKER = "BENCH_BROKER"
"""Environment variable with the broker's URL."""


def make(broker: str) -> Any:
    """The app, with tasks that succeed, take long, fail and are retried."""
    app = Celery("bench.worker_app", broker=broker)
    app.conf.update(
        worker_send_task_events=True,
        task_send_sent_event=True,
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
    )
    app.task(name="shop.orders.ok")(ok)
    app.task(name="shop.orders.sleep")(sleep)
    app.task(name="shop.orders.fail")(fail)
    app.task(name="shop.orders.retry", bind=True)(retry)
    return app


def ok(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Succeeds."""
    return {"status": "ok", "rows": 17}


def sleep(seconds: float, **kwargs: Any) -> dict[str, Any]:
    """Takes a while."""
    time.sleep(seconds)
    return {"status": "ok", "rows": 17}


def fail(*args: Any, **kwargs: Any) -> None:
    """Fails."""
    raise ValueError(f"invalid literal for int() with base 10: {'x'!r}")


def retry(self: Any, *args: Any, **kwargs: Any) -> str:
    """Is retried once."""
    if self.request.retries < 1:
        raise self.retry(countdown=0.1, exc=ValueError("try again"))
    return "ok"


def from_environment() -> Any:
    """The app of a worker's process."""
    return make(os.environ[BROKER])
