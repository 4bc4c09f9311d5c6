"""Ports of this machine's loopback."""

import socket
import time
from collections.abc import Callable


def free() -> int:
    """A port that nobody listens on. Somebody else may take it before it is used: take it soon."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait(port: int, seconds: float = 30.0, alive: Callable[[], bool] = lambda: True) -> None:
    """Until somebody listens on a port, as long as `alive` says that it may still come."""
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")
