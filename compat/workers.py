"""The Celery workers that both programs see."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field

from compat.app import BACKEND, BROKER, RESTARTS
from compat.programs import ROOT

WORKER, AUTO = "worker@compat", "auto@compat"
"""A pool of fixed size that may be restarted, and one that sizes itself and may not."""

VICTIMS = {"flower": "victim1@compat", "ours": "victim2@compat"}
"""Workers that each program may shut down."""


@dataclass
class Workers:
    """Those that run; all are killed at the end."""

    broker: str
    backend: str
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *options: str, restarts: bool = False) -> int:
        """Start one; its process."""
        urls = {BROKER: self.broker, BACKEND: self.backend, RESTARTS: "yes" if restarts else ""}
        command = [sys.executable, "-m", "celery", "-A", "compat.app", "worker", "-E", "-l", "ERROR", "-n", name]
        process = subprocess.Popen(
            [*command, *options],
            env={**os.environ, **urls, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(process)
        return process.pid

    def stop(self) -> None:
        """Kill them with their pools: what they still run is of no use to anybody."""
        for process in self._running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # shut down as it was told
        for process in self._running:
            process.wait()
