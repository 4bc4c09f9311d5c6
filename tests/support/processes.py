"""Programs that tests start, and end by their process id."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import psutil

from .patience import PATIENCE

Found = TypeVar("Found")

#: Longest time for a program to end by itself once it was asked to.
STOP_SECONDS = PATIENCE


class Program:
    """A running program with its output in a file."""

    def __init__(
        self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, keep: Sequence[int] = ()
    ) -> None:
        self.log_path = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=env, pass_fds=keep)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote."""
        return self.log_path.read_text(errors="replace")

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Its exit code, once it ended by itself."""
        return self._process.wait(seconds)

    def children(self) -> list[psutil.Process]:
        """The processes below it."""
        return psutil.Process(self.pid).children(recursive=True)

    def child(self, text: str) -> psutil.Process:
        """The process below it whose command line has a text."""
        return until(lambda: next((p for p in self.children() if text in command_of(p)), None), f"no {text}")

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait(STOP_SECONDS)

    def kill_all(self) -> None:
        """kill -9 of it and of all below it: for a program that may not end when it is asked to."""
        below = self.children()
        self.kill()
        for process in below:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(below, STOP_SECONDS)

    def stop(self) -> int:
        """Ask it to end; its exit code. No process of it may be left."""
        if not self.alive():
            return self.wait()
        below = self.children()
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self._clear(below)

    def _clear(self, below: list[psutil.Process]) -> None:
        """Kill what is left, and fail: it should have ended."""
        if self.alive():
            self.kill()
        _, left = psutil.wait_procs(below, STOP_SECONDS)
        for process in left:
            process.kill()
        assert not left, f"left behind by {self._process.args!r}: {left}"


@contextlib.contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, keep: Sequence[int] = ()
) -> Iterator[Program]:
    """A program for as long as the block lasts; `keep` are descriptors that it inherits."""
    program = Program(command, log, env, keep)
    try:
        yield program
    finally:
        program.stop()


def until(look: Callable[[], Found | None], claim: str, seconds: float = 240.0) -> Found:
    """What `look` finds, as soon as it is something; fails when it never is."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {claim}"
        time.sleep(0.05)
    return found


def ended(pid: int, seconds: float = STOP_SECONDS) -> bool:
    """Whether a process of somebody else has ended in that time. A zombie has: its parent may never look."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    return True


def command_of(process: psutil.Process) -> str:
    """The command line of a process; empty when it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
