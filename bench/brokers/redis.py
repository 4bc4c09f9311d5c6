"""redis-server, nothing on disk."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import redis

from bench import ports, processes

_CUT_OFF = (
    "closed for overcoming of output buffer limits",
    "scheduled to be closed ASAP for overcoming of output buffer limits",
)
"""What Redis logs when it closes a subscriber."""


class Redis:
    """A redis-server with its default client limits, or without one for subscribers."""

    kind = "redis"

    def __init__(self, port: int | None = None, *, unlimited: bool = False) -> None:
        self.port = port or ports.free()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = Path(tempfile.mkdtemp(prefix="bench-redis-"))
        self._log = self._folder / "log"
        limit = "0 0 0" if unlimited else "32mb 8mb 60"
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder), "--daemonize", "no"]
        memory = ["--save", "", "--appendonly", "no", "--client-output-buffer-limit", f"pubsub {limit}"]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(["redis-server", *where, *memory], stdout=log, stderr=subprocess.STDOUT)
        ports.wait(self.port)

    def client(self) -> "redis.Redis":
        """A client of it."""
        return redis.Redis(port=self.port)

    def cpu(self) -> float:
        """CPU seconds so far."""
        return processes.cpu(self._process.pid)

    def cutoffs(self) -> int:
        """How often it closed a subscriber that was too slow, by its log."""
        text = self._log.read_text()
        return sum(text.count(line) for line in _CUT_OFF)

    def held(self) -> int:
        """Bytes of output buffers of subscribers."""
        with self.client() as client:
            clients: Any = client.client_list(_type="pubsub")
        return sum(int(one.get("omem", 0)) for one in clients)

    def stop(self) -> None:
        """End it and remove its files."""
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
