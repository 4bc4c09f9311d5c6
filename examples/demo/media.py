"""Team media: pictures and videos on RabbitMQ, with queues for quick and for slow work."""

import os
import random
import time
from typing import Any

from celery import Celery, Task

app = Celery("media", broker=os.environ["CELERY_BROKER_URL"])
app.conf.update(
    task_send_sent_event=True,
    worker_send_task_events=True,
    task_track_started=True,
    task_routes={"media.transcode": {"queue": "slow"}},
    broker_connection_retry_on_startup=True,
)


class BrokenUpload(ValueError):
    """The bytes that came are not a picture."""


@app.task
def fetch(url: str) -> dict[str, Any]:
    time.sleep(random.uniform(0.05, 0.5))
    if random.random() < 0.05:
        raise ConnectionError(f"{url} did not answer")
    return {"url": url, "bytes": random.randrange(10_000, 5_000_000)}


@app.task
def thumbnail(picture: dict[str, Any], width: int) -> dict[str, Any]:
    time.sleep(random.uniform(0.02, 0.3))
    if random.random() < 0.06:
        raise BrokenUpload(f"{picture['url']} is no picture")
    return {**picture, "width": width}


@app.task(bind=True, max_retries=5)
def publish(self: Task, picture: dict[str, Any]) -> str:
    time.sleep(random.uniform(0.01, 0.1))
    if random.random() < 0.2:
        raise self.retry(countdown=2)
    return f"published {picture['url']}"


@app.task(soft_time_limit=60)
def transcode(video: str, preset: str) -> str:
    time.sleep(random.uniform(5, 30))
    return f"{video} as {preset}"
