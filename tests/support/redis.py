"""A Redis of a test's own: it starts in some milliseconds."""

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from . import ci, ports
from .certificates import Certificates
from .processes import Program


class RedisServer:
    """redis-server on a port of loopback, nothing on disk; it can be stopped and started again on the same port."""

    def __init__(self, folder: Path, options: Sequence[str] = (), tls: Certificates | None = None) -> None:
        self._program = ci.program("redis-server", "redis-server")
        self._folder = folder
        self._options = options
        self._running: Program | None = None
        self.port = ports.free()
        self.url = f"redis{'s' if tls else ''}://127.0.0.1:{self.port}/0"
        self._ports = ["--port", str(self.port)] if tls is None else secured(self.port, tls)
        self.socket = folder / "redis.sock"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        fixed = ["--bind", "127.0.0.1", *self._ports, "--save", "", "--appendonly", "no"]
        places = ["--dir", str(self._folder), "--unixsocket", str(self.socket)]
        self._running = Program([self._program, *fixed, *places, *self._options], self._folder / "redis.log")
        ports.wait(self.port, alive=self._running.alive)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._running is not None
        return self._running.pid

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def stop(self) -> None:
        """Stop it."""
        if self._running is not None:
            self._running.stop()
            self._running = None


def secured(port: int, tls: Certificates) -> list[str]:
    """Options of a Redis that wants TLS and a client's certificate."""
    files = ["--tls-cert-file", str(tls.server), "--tls-key-file", str(tls.server), "--tls-ca-cert-file", str(tls.ca)]
    return ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "yes", *files]


@contextlib.contextmanager
def sentinel(folder: Path, master: RedisServer, *options: str, tls: Certificates | None = None) -> Iterator[int]:
    """A Sentinel that alone decides on a failover of `mymaster`; its port.

    After half a minute, unless an option says otherwise: a master that a busy machine keeps waiting is not down.
    """
    folder.mkdir(exist_ok=True)
    port = ports.free()
    listens = ["--port", str(port)] if tls is None else secured(port, tls)
    lines = [
        *(f"{name[2:]} {value}" for name, value in zip(listens[::2], listens[1::2], strict=True)),
        "bind 127.0.0.1",
        f"dir {folder}",
        f"sentinel monitor mymaster 127.0.0.1 {master.port} 1",
        "sentinel down-after-milliseconds mymaster 30000",
        "sentinel failover-timeout mymaster 3000",
        *options,
    ]
    config = folder / "sentinel.conf"
    config.write_text("\n".join(lines) + "\n")
    program = Program([ci.program("redis-server", "redis-server"), str(config), "--sentinel"], folder / "sentinel.log")
    try:
        ports.wait(port, alive=program.alive)
        yield port
    finally:
        program.stop()


@contextlib.contextmanager
def redis_server(folder: Path, *options: str, tls: Certificates | None = None) -> Iterator[RedisServer]:
    """A Redis for as long as the block lasts."""
    folder.mkdir(exist_ok=True)
    server = RedisServer(folder, options, tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis."""
    with redis_server(tmp_path / "redis") as server:
        yield server
