"""A child process of the supervisor: `python -m flower_monitor.child ingest|web CONFIG_FD LETTERS_FD [LISTENER_FD]`.

The config comes over a pipe, because it holds secrets. The supervisor never closes its end: when it is gone, even by
kill -9, the pipe ends, and the child with it.
"""

import logging
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flower_monitor.config import Config

#: Before the config: its length.
LENGTH = struct.Struct("<I")


def main(role: str, config_fd: int, *descriptors: int) -> None:
    """Read the config and be what the role says."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if role == "ingest":
        # msgspec takes from it what typing has since 3.11; it would bring `inspect` and `ast`: 5 MiB and 0.1 s.
        sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # means: can't be imported
    from flower_monitor import log

    settings = read_config(config_fd)
    log.setup(settings.log_format, role, settings.log_level)
    threading.Thread(target=_follow, args=(config_fd,), name="lifeline", daemon=True).start()
    if role == "web":
        _web(settings, *descriptors)
    else:
        _ingest(settings, *descriptors)


def read_config(descriptor: int) -> "Config":
    """The config from the supervisor's pipe."""
    from flower_monitor import config

    with open(descriptor, "rb", closefd=False, buffering=0) as pipe:
        (length,) = LENGTH.unpack(_exactly(pipe.read, LENGTH.size))
        return config.load(_exactly(pipe.read, length))


def _exactly(read: Callable[[int], bytes | None], size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = read(size - len(data))
        if not more:
            raise SystemExit("the supervisor ended before it told what to do")
        data += more
    return data


def _follow(descriptor: int) -> None:
    """End when the supervisor has."""
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _ingest(settings: "Config", letters_fd: int) -> None:
    from flower_monitor import ingest
    from flower_monitor.exceptions import MonitorError

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        ingest.run(settings, stopping, letters_fd)
    except MonitorError as error:
        # It says what is wrong and how to mend it; where in the code it was found says nothing more.
        logging.getLogger(__name__).error("%s", error)
        raise SystemExit(error.exit_code) from error


def _web(settings: "Config", letters_fd: int, listener_fd: int) -> None:
    from flower_monitor.web import server

    server.run(settings, socket.socket(fileno=listener_fd), letters_fd)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
