"""One monitor's life: start, look at its processes, stop."""

import http.client
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from bench import ports, processes
from bench.brokers import Broker
from bench.sut.api import LOGIN, Api
from bench.sut.bytecode import compile_for
from bench.sut.choice import Choice

_TAIL = 3000
"""Characters of its log that an error shows."""


class Monitor:
    """A monitor on a broker; as a context it is started, and stopped with its files removed."""

    def __init__(
        self,
        choice: Choice,
        broker: Broker,
        *,
        max_tasks: int | None = None,
        db: Path | None = None,
        interval_ms: int = 0,
    ) -> None:
        self.choice, self.profile = choice, choice.known
        self.port = choice.port or ports.free()
        self.url = choice.url or f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="bench-sut-"))
        self.started = 0.0
        """When it was started, on the monotonic clock."""
        self._python = choice.python or sys.executable
        self._values = {
            "python": self._python,
            "broker": broker.url,
            "port": self.port,
            "max_tasks": max_tasks or choice.max_tasks,
            "folder": self.folder,
            "db": db,
            "interval_ms": interval_ms,
        }
        self._argv = shlex.split(self._command(db is not None).format(**self._values))
        self._process: subprocess.Popen[bytes] | None = None
        self._log = self.folder / "log"
        self._peak = 0

    def __enter__(self) -> "Monitor":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error:
            sys.stderr.write(self.log()[-_TAIL:])
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Its main process."""
        if self.choice.pid is not None:
            return self.choice.pid
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self, timeout: float = 120) -> float:
        """Start it; seconds until its ready path answers 200."""
        if self.profile.login and not self.choice.cmd:
            os.environ[LOGIN] = self.profile.login
        compile_for(self._python)
        self.started = time.monotonic()
        if self.choice.pid is None:
            self._process = self._spawn()
        return self.wait(self.choice.ready, timeout)

    def wait(self, path: str, timeout: float = 120) -> float:
        """Seconds from its start until a path answers 200."""
        while time.monotonic() - self.started < timeout:
            self._check()
            try:
                if Api(self.url, 60).get(path).status == 200:
                    return time.monotonic() - self.started
            except (OSError, http.client.HTTPException):
                pass  # not up yet
            time.sleep(0.01)
        raise TimeoutError(f"no 200 from {self.url}{path}\n{self.log()[-_TAIL:]}")

    def log(self) -> str:
        """What it wrote to stdout and stderr."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def complaints(self) -> list[str]:
        """The last lines of its log that speak of errors."""
        return [line for line in self.log().splitlines() if "rror" in line or "ailed" in line][-3:]

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return processes.cpu(self.pid)

    def rss(self) -> int:
        """Resident bytes of all its processes now."""
        found = processes.rss(self.pid)
        self._peak = max(self._peak, found)
        return found

    def peak_rss(self) -> int:
        """The most that `rss` saw, or VmHWM of the main process if that is more."""
        return max(self.rss(), processes.peak_rss(self.pid), self._peak)

    def api(self, timeout: float = 120) -> Api:
        """A connection of its own."""
        return Api(self.url, timeout)

    def kill(self) -> None:
        """SIGKILL to all its processes."""
        for process in processes.tree(self.pid):  # the supervisor first: it would start its children again
            process.kill()
        if self._process is not None:
            self._process.wait()

    def stop(self, timeout: float = 60) -> float:
        """SIGTERM, SIGKILL after the timeout; seconds it took."""
        if self._process is None or self._process.poll() is not None:
            return 0.0
        start = time.monotonic()
        self._process.terminate()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - start

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._log.open("a") as log:
            return subprocess.Popen(
                self._argv,
                env=self._environment(),
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _check(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the monitor ended with {self._process.returncode}:\n{self.log()[-_TAIL:]}")

    def _command(self, persists: bool) -> str:
        if self.choice.cmd is None:
            added = self.profile.memory
            if persists:
                added = self.profile.persist if self.choice.persist is None else self.choice.persist
            return f"{self.profile.command} {added}"
        return f"{self.choice.cmd} {self.choice.persist or ''}" if persists else self.choice.cmd

    def _environment(self) -> dict[str, str]:
        """Ours, without what would set the monitor's options, and what the profile and the command line add."""
        found = {name: value for name, value in os.environ.items() if not name.startswith(("FLOWER_", "CELERY_"))}
        found |= {} if self.choice.cmd else self.profile.environment
        for item in self.choice.env:
            name, _, value = item.partition("=")
            found[name] = value.format(**self._values)
        return found
