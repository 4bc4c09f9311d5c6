"""Tasks that nobody runs, sent as clients send them, and a Control to look at them with."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from flower_monitor import control as controlling
from flower_monitor.control import Control
from flower_monitor.queues import management, rabbitmq, redis
from flower_monitor.queues.broker import BrokerQueues
from tests.monitor.web.apps import config_for
from tests.support.patience import PATIENCE


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
    with Celery(broker=broker, set_as_current=False) as app:
        # Of what it has not confirmed, RabbitMQ may still know nothing when somebody else asks.
        confirmed = {"confirm_publish": True} if broker.startswith("amqp") else {}
        app.conf.broker_transport_options = confirmed | dict(options or {})
        return [app.send_task(task, args or (number, 2), queue=queue, **message).id for number in range(n)]


@contextmanager
def looking(broker: str, **fields: Any) -> Iterator[BrokerQueues]:
    """The queues of a broker, which may be slow on a busy machine."""
    config = config_for(Path("unused"), broker_url=broker, **fields)
    control = Control(config)
    queues = BrokerQueues(config, control)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CONNECT_TIMEOUT", "SOCKET_TIMEOUT", "DEADLINE"):
                patch.setattr(controlling, name, PATIENCE)
            patch.setattr(management, "TIMEOUT", PATIENCE)
            for module in (management, rabbitmq, redis):
                patch.setattr(module, "MOST_SECONDS", PATIENCE)
            yield queues
    finally:
        queues.close()
        control.close()
