"""The real server on a real socket: in a thread, or as a process where the process itself is what is tested."""

import multiprocessing
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

import httpx

from flower_monitor.config import Config
from flower_monitor.web.server import run, server_for
from tests.support.patience import PATIENCE
from tests.support.processes import STOP_SECONDS, until


@contextmanager
def serving(config: Config, given: socket.socket | None = None) -> Iterator[str]:
    """The address of a server in a thread of this process: it starts in no time. `given` is what it listens on."""
    server = server_for(config)
    listener = given or socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([listener],), name="server")
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive(), "the server has started")
        yield url
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
        assert not thread.is_alive(), "the server did not stop"


@contextmanager
def serving_process(config: Config) -> Iterator[tuple[str, BaseProcess]]:
    """The address of a server and its process, started as the supervisor starts it; killed if it does not stop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = multiprocessing.get_context("spawn").Process(target=run, args=(config, listener))
        process.start()
    try:
        until(lambda: _answers(url), "the server answers")
        yield url, process
    finally:
        process.terminate()
        process.join(STOP_SECONDS)
        process.kill()
        process.join()
        process.close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=PATIENCE).is_success
    except httpx.TransportError:
        return False
