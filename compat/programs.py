"""Flower and flower-monitor as processes, started in the same setting."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from bench.brokers import Broker
from bench.options import option
from bench.sut.choice import Choice
from bench.sut.monitor import Monitor
from compat.app import BACKEND, BROKER
from compat.settings import CONFIG_FILE, Setting

ROOT = Path(__file__).resolve().parent.parent

START_LIMIT = 90.0
"""Seconds to start, on a busy machine."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """How both are run."""

    flower_python: str = option(".venv-bench/bin/python", "interpreter that has Flower 2.2.0")
    python: str = option(sys.executable, "interpreter that has flower-monitor")
    sources: str = option("monitor", "folder with flower_monitor")
    like_flower: bool = option(False, "start flower-monitor as `celery -A app flower` too")


class Pair(NamedTuple):
    """Something of Flower and the same of ours."""

    flower: "Program"
    ours: "Program"


class Program(Monitor):
    """One of them; it may have failed to start."""

    failure: str = ""
    """Why it did not start; empty: it did."""

    def begin(self) -> None:
        """Start it without waiting for it."""
        (self.folder / "conf.py").write_text(CONFIG_FILE)
        self.started = time.monotonic()
        self._process = self._spawn()

    def await_ready(self) -> None:
        """Wait for it, or note why it does not start."""
        self.started = time.monotonic()
        try:
            self.wait(self.choice.ready, START_LIMIT)
        except (RuntimeError, TimeoutError):
            lines = self.complaints() or [line for line in self.log().splitlines() if line.strip()]
            self.failure = f"did not start: {lines[-1][:200] if lines else 'without a word'}"

    def end(self) -> None:
        """Kill it (Flower waits for calls that never end) and remove its files."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def pair(programs: Programs, setting: Setting, broker: Broker, backend: str, management: int) -> Pair:
    """Both, not started yet."""
    setting = replace(setting, options=setting.options.replace("{management}", str(management)))
    url = setting.broker or broker.url
    return Pair(*(Program(choice, broker) for choice in choices(programs, setting, url, backend)))


def choices(programs: Programs, setting: Setting, broker: str, backend: str) -> Iterator[Choice]:
    """The two command lines and environments. Pure, but for where Python looks."""
    common = [f"{name}={value}" for name, value in setting.environment.items()]
    ready = f"{setting.prefix}/healthcheck"
    app = "" if setting.alone else "-A compat.app "
    celery = f"{app}--broker={broker} flower {setting.options}"
    urls = () if setting.alone else (f"{BROKER}={broker}", f"{BACKEND}={backend}")
    yield Choice(
        python=str(_absolute(programs.flower_python)),
        cmd=f"{{python}} -m flower {celery}",  # in its environment `celery flower` may be either of them
        env=(*common, *urls, f"PYTHONPATH={ROOT}"),
        ready=ready,
    )
    sources = _absolute(programs.sources)
    ours = f"{{python}} -m flower_monitor --broker={broker} --result-backend={backend} {setting.options}"
    yield Choice(
        python=programs.python,
        cmd=f"{{python}} -m celery {celery}" if programs.like_flower or setting.alone else ours,
        env=(*common, *urls, f"PYTHONPATH={sources}{os.pathsep}{ROOT}", "FLOWER_NAME=compat-{port}"),
        ready=ready,
    )


def _absolute(path: str) -> Path:
    """As it was given, from the root of the project: a link to an interpreter is not followed, it marks its venv."""
    return Path(os.path.abspath(ROOT / path))
