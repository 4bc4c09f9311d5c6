"""rabbitmq-server with a home and an epmd of its own, guest/guest."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench import ports, processes

_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's wrapper on PATH insists on the user rabbitmq; this one does not."""

_SETTLED = 3.0
"""Seconds from the open port to a node that has stopped being busy with its start."""


class RabbitMQ:
    """A node; with `management` also its management API, on that port."""

    kind = "amqp"

    def __init__(self, port: int | None = None, *, management: int | None = None) -> None:
        self.port = port or ports.free()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self._folder = Path(tempfile.mkdtemp(prefix="bench-rabbit-"))
        (self._folder / "plugins").write_text("[rabbitmq_management].\n" if management else "[].\n")
        limits = "vm_memory_high_watermark.absolute = 8GB\ndisk_free_limit.absolute = 100MB\n"
        api = f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n" if management else ""
        (self._folder / "rabbitmq.conf").write_text(limits + api)
        epmd = ports.free()
        self._epmd = subprocess.Popen(
            ["epmd", "-port", str(epmd), "-address", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._process = self._start(epmd)
        ports.wait(self.port, 90)
        time.sleep(_SETTLED)

    def cpu(self) -> float:
        """CPU seconds so far."""
        return processes.cpu(self._process.pid)

    def cutoffs(self) -> int:
        """None: RabbitMQ pushes back instead."""
        return 0

    def held(self) -> int:
        """Not looked at: the management plugin would be needed."""
        return 0

    def stop(self) -> None:
        """End the node and its epmd, and remove its files."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._epmd.terminate()
        self._epmd.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, epmd: int) -> subprocess.Popen[bytes]:
        program = str(_SCRIPT) if _SCRIPT.exists() else "rabbitmq-server"
        with (self._folder / "out").open("w") as out:
            return subprocess.Popen(
                [program],
                env=self._environment(epmd),
                start_new_session=True,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def _environment(self, epmd: int) -> dict[str, str]:
        folder = self._folder
        node = {
            "HOME": folder,
            "RABBITMQ_NODENAME": f"bench{self.port}@localhost",
            "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": ports.free(),
            "RABBITMQ_MNESIA_BASE": folder / "mnesia",
            "RABBITMQ_LOG_BASE": folder / "log",
            "RABBITMQ_PID_FILE": folder / "pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "plugins",
            "RABBITMQ_CONFIG_FILE": folder / "rabbitmq",
            "RABBITMQ_GENERATED_CONFIG_DIR": folder / "gen",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": epmd,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        return os.environ | {name: str(value) for name, value in node.items()}
