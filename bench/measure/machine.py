"""The machine's shape, and how fast it is just now."""

import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

_PACKAGES = ("flower", "flower-operator", "celery", "kombu", "redis", "hiredis", "amqp", "apsw", "msgspec", "starlette")


def machine(packages: Iterable[str] = _PACKAGES) -> dict[str, object]:
    """CPU, memory and versions, of those packages that are installed."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_mib": psutil.virtual_memory().total >> 20,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: version for name in packages if (version := _version(name))},
    }


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def calibrate() -> float:
    """CPU milliseconds of a fixed piece of Python work, best of ten: runs are comparable only where this agrees."""
    return round(1000 * min(_piece() for _ in range(10)), 2)


def _piece() -> float:
    start = time.process_time()
    for _ in range(10):
        json.loads(json.dumps([{"uuid": str(j), "clock": j, "args": "x" * 50} for j in range(1000)]))
    return time.process_time() - start
