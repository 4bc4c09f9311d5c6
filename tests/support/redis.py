"""A Redis of a test's own: it starts in some milliseconds."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from . import ci, ports
from .processes import Program


class RedisServer:
    """redis-server on a port of loopback, nothing on disk; it can be stopped and started again on the same port."""

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        self._program = ci.program("redis-server", "redis-server")
        self._folder = folder
        self._options = options
        self._running: Program | None = None
        self.port = ports.free()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.socket = folder / "redis.sock"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        fixed = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        places = ["--dir", str(self._folder), "--unixsocket", str(self.socket)]
        self._running = Program([self._program, *fixed, *places, *self._options], self._folder / "redis.log")
        ports.wait(self.port, alive=self._running.alive)

    def stop(self) -> None:
        """Stop it."""
        if self._running is not None:
            self._running.stop()
            self._running = None


@contextlib.contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    """A Redis for as long as the block lasts."""
    folder.mkdir(exist_ok=True)
    server = RedisServer(folder, options)
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
