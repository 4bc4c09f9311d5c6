"""The programs that are measured, and the one that answers for the monitors."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.controlplane.objects import OPERATOR
from bench.measure.figures import mib
from tests.support import ports
from tests.support.processes import Program, running


class EndedError(Exception):
    """A program is gone; the message has the end of its log."""


@dataclass
class Running:
    """A program that serves HTTP."""

    program: Program
    url: str
    started: float
    """Monotonic."""

    async def guard(self) -> None:
        """Raise when it ends by itself, as a controller does that is kept from its Lease for ten seconds."""
        while self.program.alive():  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(1)
        raise EndedError(f"what is measured has ended by itself:\n{self.program.log[-3000:]}")

    def cpu(self) -> float:
        """CPU seconds so far."""
        return processes.cpu(self.program.pid)

    def rss(self) -> float:
        """Resident MiB."""
        return mib(processes.rss(self.program.pid))

    def peak(self) -> float:
        """The most MiB that were resident."""
        return mib(processes.peak_rss(self.program.pid))


@contextlib.contextmanager
def serving(log: Path, command: list[str], port: int) -> Iterator[Running]:
    """A Python module as a program."""
    started = time.monotonic()
    with running([sys.executable, "-m", *command], log) as program:
        yield Running(program, f"http://127.0.0.1:{port}", started)


@contextlib.contextmanager
def simulated(folder: Path) -> Iterator[Running]:
    """All monitors."""
    port = ports.free()
    with serving(folder / "simulated.log", ["bench.controlplane.simulated", str(port)], port) as made:
        ports.wait(port, alive=made.program.alive)
        yield made


def operator(what: str, folder: Path, kubeconfig: str, *options: str) -> contextlib.AbstractContextManager[Running]:
    """A program of the operator, as the chart starts it."""
    port = ports.free()
    where = ["--address=127.0.0.1", f"--port={port}", f"--kubeconfig={kubeconfig}", f"--operator-namespace={OPERATOR}"]
    return serving(folder / f"{what}.log", ["flower_operator", what, *where, *options], port)


def controller(folder: Path, kubeconfig: str, monitors: str) -> contextlib.AbstractContextManager[Running]:
    """A controller. `monitors`: address of the simulated ones."""
    address = f"--monitor-address={monitors}/controller/{{namespace}}/{{service}}"
    return operator("controller", folder, kubeconfig, "--monitor-image=flower-operator:bench", address)


def fleet(folder: Path, kubeconfig: str, monitors: str) -> contextlib.AbstractContextManager[Running]:
    """A fleet. `monitors` as above."""
    address = f"--monitor-url-template={monitors}/fleet/{{namespace}}/{{name}}"
    return operator("fleet", folder, kubeconfig, address)
