"""Tasks that nobody runs, sent as clients send them, and a Control to look at them with."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery

from flower_monitor.control import Control
from flower_monitor.queues.broker import BrokerQueues
from tests.monitor.web.apps import config_for


def send(
    broker: str,
    queue: str,
    n: int = 1,
    *,
    options: Mapping[str, Any] | None = None,
    task: str = "tests.add",
    args: Sequence[Any] | None = None,
    **message: Any,
) -> list[str]:
    """Send tasks to a queue; their ids. They wait in it: RabbitMQ has confirmed each."""
    confirmed = {"confirm_publish": True} if broker.startswith("amqp") else {}
    with Celery(broker=broker, set_as_current=False) as app:
        app.conf.broker_transport_options = {**confirmed, **(options or {})}
        return [app.send_task(task, args or (number, 2), queue=queue, **message).id for number in range(n)]


@contextmanager
def looking(broker: str, **fields: Any) -> Iterator[BrokerQueues]:
    """The queues of a broker."""
    config = config_for(Path("unused"), broker_url=broker, **fields)
    control = Control(config)
    queues = BrokerQueues(config, control)
    try:
        yield queues
    finally:
        queues.close()
        control.close()
