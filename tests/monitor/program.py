"""The monitor as a program, as people start it, and its API from the outside."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.support import ports
from tests.support.patience import PATIENCE
from tests.support.processes import Program, until

LOGIN = ("admin", "secret")


class Monitor:
    """`flower-monitor` on a free port; it can be stopped and started again on the same store.

    Args:
        broker: Its URL.
        folder: Where its store and its log are.
        options: Those of the command line; `{port}` in one becomes its port.
        env: What it finds in its environment beside ours.
        within: What its command begins with.
        prefix: Of its URLs, as one of `options` says.
    """

    def __init__(
        self,
        broker: str,
        folder: Path,
        *options: str,
        env: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
        prefix: str = "",
    ) -> None:
        self.store = folder / "flower.sqlite3"
        self.port = ports.free()
        self._log = folder / "monitor.log"
        self._env = {**os.environ, **(env or {})}
        self._command = [
            *(*within, sys.executable, "-m", "flower_monitor", "--broker", broker, "--store", str(self.store)),
            *("--port", str(self.port), "--address", "127.0.0.1", "--basic-auth", ":".join(LOGIN)),
            *(option.replace("{port}", str(self.port)) for option in options),
        ]
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}{prefix}", auth=LOGIN, timeout=PATIENCE)
        self.program = Program(self._command, self._log, self._env)

    @property
    def log(self) -> str:
        """What it wrote."""
        return self.program.log

    def restart(self) -> None:
        """Start it again after it ended."""
        self.program = Program(self._command, self._log, self._env)

    def kill(self) -> None:
        """kill -9 of all three processes; the supervisor, stopped first, starts no other one meanwhile."""
        supervisor = psutil.Process(self.program.pid)
        supervisor.suspend()
        processes = [*self.program.children(), supervisor]
        for process in processes:
            process.kill()
        self.program.wait()
        until(lambda: all(map(dead, processes)) or None, "all are dead")

    def close(self) -> None:
        """End it."""
        self._client.close()
        self.program.stop()

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a route; None while it can't be had."""
        try:
            answer = self._client.get(path, params=parameters)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None

    def post(self, path: str, body: Any) -> Any:
        """The JSON that a route answers to JSON."""
        return self._client.post(path, json=body).json()

    def put(self, path: str, body: Any) -> Any:
        """The JSON that a route answers to JSON that is put there."""
        return self._client.put(path, json=body).json()

    def text(self, path: str) -> str:
        """What a route answers, as it is."""
        return self._client.get(path).text

    def summary(self, **wanted: Any) -> Any:
        """The summary, once its broker has what is wanted, as `state="connected"`."""

        def look() -> Any:
            found = self.get("/api/v1/summary")
            return found if found and wanted.items() <= found["broker"].items() else None

        return until(look, f"a summary with broker {wanted}: {self.log[-2000:]}")

    def told(self, error: str) -> Any:
        """The summary once its broker's last error says something: on a busy machine an attempt may be too slow."""

        def look() -> Any:
            found = self.get("/api/v1/summary")
            return found if found and error in (found["broker"]["last_error"] or "") else None

        return until(look, f"an error {error!r}: {self.log[-2000:]}")

    def connected(self, after: float = 0.0) -> Any:
        """The summary once events are received, by a connection made after a time."""

        def look() -> Any:
            found = self.summary(state="connected")
            return found if found["broker"]["since"] > after else None

        return until(look, f"a connection: {self.log[-2000:]}")

    def kept(self, count: int, seconds: float = 120) -> Any:
        """The summary once so many tasks are kept."""

        def look() -> Any:
            found = self.get("/api/v1/summary")
            return found if found and found["tasks"]["kept"] >= count else None

        return until(look, f"{count} tasks: {self.get('/api/v1/summary')} {self.log[-2000:]}", seconds)

    def task(self, uuid: str, state: str, sent: bool = False) -> Any:
        """A task once it is in a state. `sent`: and its client has told of it, which a worker may be faster than."""

        def look() -> Any:
            found = self.get(f"/api/v1/tasks/{uuid}")
            known = found and found["state"] == state and (found["sent"] is not None or not sent)
            return found if known else None

        return until(look, f"{uuid} in {state}: {self.get(f'/api/v1/tasks/{uuid}')}")

    def ingest(self) -> int:
        """Process id of the ingest process."""
        pid: int = self.program.child("flower_monitor.child ingest").pid
        return pid


def dead(process: psutil.Process) -> bool:
    """Whether a process ended; who has to wait for it, once its parent is gone, may be slow."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@contextlib.contextmanager
def monitor(
    broker: str,
    folder: Path,
    *options: str,
    env: Mapping[str, str] | None = None,
    within: Sequence[str] = (),
    prefix: str = "",
) -> Iterator[Monitor]:
    """A monitor for as long as the block lasts."""
    started = Monitor(broker, folder, *options, env=env, within=within, prefix=prefix)
    try:
        yield started
    finally:
        started.close()


def run(*options: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> tuple[int, str]:
    """A monitor that must end by itself: exit code and what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "flower_monitor", *options],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
