"""Team orders: a shop's Celery app on Redis, with the failures that shops have."""

import os
import random
import time
from typing import Any

from celery import Celery, Task

app = Celery("orders", broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_RESULT_BACKEND"])
app.conf.update(
    task_send_sent_event=True,
    worker_send_task_events=True,
    task_track_started=True,
    result_expires=600,
    broker_connection_retry_on_startup=True,
    # Without it a worker of Celery 5.7 (kombu 5.7, redis-py 8.1) can hang for ever at its start: its loop reads a BRPOP
    # reply that another part has taken already (seen on a cluster, main thread in Channel._brpop_read). With it the
    # worker notices after 10 s and connects again. It must exceed the BRPOP's own second.
    broker_transport_options={"socket_timeout": 10},
)


class PaymentRefused(Exception):
    """The bank said no; the customer has to be asked for another card."""


class BankUnavailable(Exception):
    """The bank did not answer in time; asking again later may help."""


@app.task
def reserve_stock(order: int, items: list[str]) -> dict[str, Any]:
    time.sleep(random.uniform(0.02, 0.2))
    return {"order": order, "reserved": len(items)}


@app.task(bind=True, max_retries=3)
def charge_card(self: Task, reservation: dict[str, Any], cents: int) -> dict[str, Any]:
    time.sleep(random.uniform(0.05, 0.4))
    if random.random() < 0.15:
        raise self.retry(exc=BankUnavailable(f"no answer for {cents} cents"), countdown=random.uniform(1, 4))
    if random.random() < 0.08:
        raise PaymentRefused(f"card of order {reservation['order']} refused")
    return {**reservation, "charged": cents}


@app.task
def send_receipt(paid: dict[str, Any], email: str) -> str:
    time.sleep(random.uniform(0.01, 0.1))
    return f"receipt for order {paid['order']} to {email}"


@app.task
def remind_basket(customer: int) -> str:
    time.sleep(0.05)
    return f"reminded customer {customer}"


@app.task
def count_region(region: str) -> int:
    time.sleep(random.uniform(0.1, 0.6))
    return random.randrange(1000)


@app.task
def daily_report(counts: list[int]) -> dict[str, int]:
    time.sleep(0.3)
    return {"orders": sum(counts)}


@app.task
def rebuild_catalogue(shop: str) -> str:
    time.sleep(random.uniform(20, 45))
    return f"catalogue of {shop} rebuilt"
