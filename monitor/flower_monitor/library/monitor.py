"""A whole monitor from Python: the program `flower-monitor`, in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec

from flower_monitor.exceptions import MonitorError

STOP_WITHIN = 10.0
"""Seconds that it has to stop; it promises five."""

Value = str | int | float | bool | os.PathLike[str] | Mapping[str, Any] | Sequence[Any] | None


class Companion:
    """A process of `companion.py`, for as long as its line is open.

    Args:
        role: What it is to be.
        line: The JSON that tells it more. It may hold secrets: it goes over a pipe.
        descriptors: What it inherits.
    """

    def __init__(self, role: str, line: bytes, descriptors: Sequence[int] = ()) -> None:
        # A session of its own: Ctrl-C is for the script, which then ends it in its own time.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flower_monitor.library.companion", role, *map(str, descriptors)],
            stdin=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,
        )
        assert self.process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._line = self.process.stdin
        self._line.write(line + b"\n")
        self._line.flush()

    @property
    def told(self) -> bool:
        """Whether it was told to stop."""
        return self._line.closed

    def stop(self) -> None:
        """Tell it to stop, and wait until it is gone, with all below it."""
        self._line.close()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Monitor:
    """A running monitor. It ends with `stop`, at the end of a `with`, and whenever this process does.

    Args:
        options: Those of the command line, `_` for `-`: `Monitor(broker="redis://localhost:6379/0", port=5555)`. True
            and False turn a switch on and off; a list or a mapping is given as JSON; None leaves an option out. What is
            wrong with them the program says itself, on standard error, and `wait` raises.
    """

    def __init__(self, **options: Value) -> None:
        self._companion = Companion("program", msgspec.json.encode(arguments(options)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._companion.process.poll() is None

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it ends.

        Args:
            timeout: Seconds; None: for ever.

        Raises:
            MonitorError: It ended by itself with an error.
            TimeoutError: It has not ended.
        """
        try:
            code = self._companion.process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"the monitor has not ended within {timeout} s") from error
        if code and not self._companion.told:
            raise MonitorError(f"the monitor ended with exit code {code}; it said why on standard error")

    def stop(self) -> None:
        """Stop it, and wait until all of it is gone."""
        self._companion.stop()


def serve(**options: Value) -> None:
    """Run a monitor until it ends, or this process gets Ctrl-C.

    Args:
        options: As of `Monitor`.

    Raises:
        MonitorError: It ended with an error.
    """
    with Monitor(**options) as monitor, suppress(KeyboardInterrupt):
        monitor.wait()


def arguments(options: Mapping[str, Value]) -> list[str]:
    """Options as a command line has them. Pure."""
    return [_argument(name.replace("_", "-"), value) for name, value in options.items() if value is not None]


def _argument(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    if isinstance(value, str | int | float | os.PathLike):
        return f"--{name}={value if not isinstance(value, os.PathLike) else os.fspath(value)}"
    return f"--{name}={msgspec.json.encode(value).decode()}"
