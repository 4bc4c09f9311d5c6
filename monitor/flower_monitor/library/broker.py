"""How long queues are, as Flower's `flower.utils.broker` tells it, for scripts: each call waits for the answer."""

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from flower_monitor.control import Control
from flower_monitor.library.connection import Seat, config_of, wait_for
from flower_monitor.queues import management
from flower_monitor.queues.broker import BrokerQueues
from flower_monitor.queues.length import length
from flower_monitor.receive import url


class Broker:
    """The queues of one broker: Redis by TCP, TLS, socket or Sentinel, RabbitMQ, or another transport of kombu that
    counts. Close it, or use it in a `with`; one thread at a time.

    Args:
        broker_url: The broker, as Celery's `broker_url`.
        broker_api: RabbitMQ's management API, as `http://user:password@host:15672/api`; None: AMQP has to do.
        transport_options: Celery's `broker_transport_options`: priorities, key prefix, Sentinel's `master_name`.
        broker_use_ssl: Celery's `broker_use_ssl`.

    Raises:
        UsageError: An argument is wrong.
    """

    def __init__(
        self,
        broker_url: str,
        broker_api: str | None = None,
        *,
        transport_options: Mapping[str, Any] | None = None,
        broker_use_ssl: bool | Mapping[str, Any] = False,
    ) -> None:
        config = config_of(broker_url, transport_options, broker_use_ssl, broker_api=broker_api or None)
        if config.broker_api:
            management.checked(config.broker_api, url.parse(broker_url, config.broker_use_ssl))
        self._seat = Seat()
        self._control = Control(self._seat.take(config))
        self._queues = BrokerQueues(config, self._control)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def queues(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """How long queues are.

        Args:
            names: Which ones.

        Returns:
            In this order, for each: `name`; `messages`, of RabbitMQ's management API with those that consumers have,
            else `messages_ready` again; `messages_ready`, those that wait; `messages_unacknowledged`, those that
            consumers have; `consumers`. The last two are None where the broker does not tell. RabbitMQ's are left out
            where there is no such queue; in Redis one that is empty is not told from one that never was.

        Raises:
            BrokerError: The broker can't be reached or refused. (Flower's RabbitMQ has no queues then, deviation D15.)
        """
        depths = wait_for(self._queues.look(list(dict.fromkeys(names)), {}))
        return [length(row, whole=depths.source == "management") for row in depths.rows]

    def close(self) -> None:
        """Let go of its threads."""
        self._queues.close()
        self._control.close()
        self._seat.close()
