"""Real Celery workers."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from bench.worker_app import BROKER

_CELERY = "import sys; from bench.worker_app import from_environment; from_environment().worker_main(sys.argv[1:])"


@contextlib.contextmanager
def worker(broker: str, *options: str) -> Iterator[None]:
    """A worker for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-c", _CELERY, "worker", "-E", "-l", "WARNING", *options],
        env={**os.environ, BROKER: broker},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
