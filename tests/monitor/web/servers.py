"""The real server in a process of its own, as the supervisor starts it."""

import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import httpx

from flower_monitor.config import Config
from flower_monitor.web.server import run


@dataclass(frozen=True)
class Served:
    """A monitor's web process."""

    url: str
    process: BaseProcess


@contextmanager
def serving(config: Config) -> Iterator[Served]:
    """A running server; it is asked to stop at the end, and killed if it does not."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = multiprocessing.get_context("spawn").Process(target=run, args=(config, listener))
        process.start()
    served = Served(f"http://127.0.0.1:{port}", process)
    try:
        wait_until_served(served.url + config.url_prefix)
        yield served
    finally:
        process.terminate()
        process.join(10)
        process.kill()
        process.join()


def wait_until_served(url: str, patience: float = 60) -> None:
    """Wait for the first answer."""
    deadline = time.monotonic() + patience
    while True:
        try:
            httpx.get(f"{url}/livez", timeout=5).raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
