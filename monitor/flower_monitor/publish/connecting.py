"""Connections to the broker for tasks and their replies, as harmless as those of `control`. Imports kombu when used."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flower_monitor.blocked import hung_up
from flower_monitor.config import Config
from flower_monitor.control import CONNECT_TIMEOUT, tls_options, transport_options, who
from flower_monitor.receive import url

HEARTBEAT = 20.0
"""Seconds between RabbitMQ's heartbeats on a connection that waits: one that was cut without a word is noticed."""


class Connecting:
    """Makes connections; called in threads."""

    def __init__(self, config: Config) -> None:
        self._broker = url.parse(config.broker_url, config.broker_use_ssl)
        self.url = url.for_kombu(config.broker_url)
        self.public = self._broker.public
        """The broker's address without its password."""

        self.own_name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{who(config)}/results"))
        """A name that only this monitor has, the same each time it runs."""

        confirmed = {"confirm_publish": True} if self._broker.kind == "amqp" else {}
        self.settings = {
            "ssl": tls_options(self._broker),
            "connect_timeout": CONNECT_TIMEOUT,
            "transport_options": {**confirmed, **transport_options(self._broker.kind, config.transport_options)},
        }

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection of kombu's; it never retries for long."""
        with self._unconnected() as connection:
            connection.connect()
            with hung_up(connection):
                yield connection

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        """What can go wrong with it."""
        from flower_monitor.from_kombu import KombuError

        connection = self._unconnected()
        return KombuError, OSError, *connection.connection_errors, *connection.channel_errors

    def _unconnected(self) -> Any:
        from flower_monitor.from_kombu import connection

        connect: Any = connection.Connection  # not typed by kombu
        return connect(self.url, heartbeat=HEARTBEAT, **self.settings)
