"""Runs `flower-operator fleet` as a person would: as a program of its own, asked over HTTP."""

import json
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.support import ports
from tests.support.patience import PATIENCE

T = TypeVar("T")


@dataclass
class Program:
    """A running fleet."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    login: tuple[str, str] | None = None

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask it."""
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask it, logged in unless `auth` says otherwise."""
        return httpx.request(method, f"{self.url}{path}", timeout=PATIENCE, **({"auth": self.login} | options))

    def monitors(self) -> dict[str, Any]:
        """The monitors by name."""
        return {item["name"]: item for item in self.get("/api/v1/monitors").json()["items"]}

    def shows(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the monitors are so; what they are then."""
        return until(self.monitors, holds)

    def stop(self) -> int:
        """Tell it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def until(look: Callable[[], T], holds: Callable[[T], bool]) -> T:
    """Look again and again until it is so; what was seen last is in the error when it never is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if holds(seen):
            return seen
        assert time.monotonic() < deadline, f"not so after {PATIENCE:g} s: {json.dumps(seen, default=str)}"
        time.sleep(0.05)


@contextmanager
def running(kubeconfig: str | Path, folder: Path, *options: str) -> Iterator[Program]:
    """Start one and end it. It answers `/livez` when the body starts; no more is promised."""
    port = ports.free()
    command = [sys.executable, "-m", "flower_operator", "fleet", "--address=127.0.0.1", f"--port={port}"]
    log = folder / "fleet.log"
    with log.open("wb") as out:
        process = subprocess.Popen([*command, f"--kubeconfig={kubeconfig}", *options], stdout=out, stderr=out)
    program = Program(process, f"http://127.0.0.1:{port}", log)
    try:
        until(lambda: _alive(program), bool)
        yield program
    finally:
        process.kill()
        process.wait()


def _alive(program: Program) -> bool:
    assert program.process.poll() is None, program.log.read_text()
    try:
        return program.get("/livez").status_code == 200
    except httpx.ConnectError:
        return False


def login_of(secret: dict[str, Any]) -> tuple[str, str]:
    """User name and password in a Secret."""
    username, password = (b64decode(secret["data"][key]).decode() for key in ("username", "password"))
    return username, password
