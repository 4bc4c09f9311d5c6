"""Ports of this machine's loopback."""

import contextlib
import os
import random
import socket
import time
from collections import deque
from collections.abc import Callable

from .patience import PATIENCE

FIRST, ALL = 10_000, 20_000
"""Ports from 10,000 to 29,999, in a share for each worker of pytest-xdist."""

_given: deque[int] = deque(maxlen=200)
"""The last that were given away: who got one may not listen on it yet."""


def free() -> int:
    """A port of this worker's own share that nobody listens on.

    Not one that the kernel chooses (32768 and more on Linux): it gives the same ones to outgoing connections and to
    whoever asks next, between our look and the program's start.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    share = ALL // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    first = FIRST + worker * share
    while True:
        port = random.randrange(first, first + share)
        if port in _given:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.append(port)
            return port


def wait(port: int, seconds: float = PATIENCE, alive: Callable[[], bool] = lambda: True) -> None:
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
