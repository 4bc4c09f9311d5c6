"""How a script names a broker, what its own queues are named after, and how it waits for what is asynchronous."""

import asyncio
import errno
import itertools
import socket
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from flower_monitor import settings
from flower_monitor.config import Config
from flower_monitor.receive import url

Answer = TypeVar("Answer")


SEATS = "flower-monitor-library"
"""What the abstract sockets of seats are named after."""


class Seat:
    """A number that no other on this machine has, the lowest that is free.

    Reply queues on Redis are named after it, by way of the store (control.py). Two scripts must not share one; and of
    scripts that were killed no more names may be left in Redis than there were scripts at the same time, so it is not
    drawn at random. An abstract socket keeps it: the kernel lets go of it whatever happens to the process.
    """

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        for number in itertools.count():
            try:
                self._socket.bind(f"\0{SEATS}-{number}")
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    self._socket.close()
                    raise
                continue
            self.number = number
            return

    def take(self, config: Config) -> Config:
        """Settings whose connections have this seat. There is no such file as their store."""
        return msgspec.structs.replace(config, store=Path(f"library-{self.number}"))

    def close(self) -> None:
        """Leave it to others."""
        self._socket.close()


def config_of(
    broker_url: str,
    transport_options: Mapping[str, Any] | None,
    broker_use_ssl: bool | Mapping[str, Any],
    **fields: Any,
) -> Config:
    """Settings with a broker, and some others; there is no store.

    Raises:
        UsageError: The URL or the options are wrong.
    """
    use_ssl = broker_use_ssl if isinstance(broker_use_ssl, bool) else dict(broker_use_ssl)
    options = dict(transport_options or {})
    settings.check_brokers(url.parse_all(broker_url, use_ssl), options)
    values = {"store": Path("library"), "transport_options": options, "broker_use_ssl": use_ssl, **fields}
    return Config(broker_url=broker_url, **values)


def wait_for(work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of a coroutine; in a thread of its own, so also where an event loop runs, as in a notebook."""
    with ThreadPoolExecutor(1, thread_name_prefix="library") as pool:
        return pool.submit(asyncio.run, work).result()
