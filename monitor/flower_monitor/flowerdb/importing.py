"""Takes the tasks of Flower's file into a store that no monitor uses meanwhile."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor import protect
from flower_monitor.config import Config
from flower_monitor.exceptions import MonitorError, UsageError
from flower_monitor.flowerdb.events import events
from flower_monitor.store import place
from flower_monitor.store.writer import Writer

TOGETHER = 5_000
"""Tasks in a transaction."""

Told = Callable[[int], None]


class Taken(msgspec.Struct, frozen=True):
    """What came of an import."""

    tasks: int
    """In the store from now on, or already before."""

    skipped: int
    """Of which Flower kept no time at all."""


def take(path: Path, config: Config, told: Told = lambda _: None) -> Taken:
    """Take Flower's tasks into the store of a monitor that does not run. To do it twice changes nothing.

    Args:
        path: Flower's `--db`, as it was named there; the dbm module may have given it a suffix.
        config: The monitor's settings: its store, what is kept, what is redacted.
        told: Hears how many tasks were taken so far.

    Raises:
        UsageError: There is no such file, or the store can't be used.
        MonitorError: The file can't be read.
    """
    check(path)
    place.check(config.store)
    lock = place.lock(config.store)
    try:
        connection, _ = place.open_writer(config.store)
        writer = Writer(connection, place.keep(config))
        try:
            return _take(tasks_of(path), writer, config, told)
        finally:
            writer.close()
    finally:
        os.close(lock)


def check(path: Path) -> None:
    """Refuse a file that is not there: a dbm may be one or several, with suffixes of its own."""
    if not any(path.with_name(path.name + suffix).exists() for suffix in ("", ".db", ".dat", ".dir")):
        raise UsageError(f"{path} does not exist; name the file as Flower's --db did")


def tasks_of(path: Path) -> Iterator[dict[str, Any]]:
    """The tasks of a file, read in a process of its own (unpickling.py)."""
    command = [sys.executable, "-P", "-m", "flower_monitor.flowerdb.unpickling", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        assert process.stderr is not None  # noqa: S101
        for line in process.stdout:
            yield json.loads(line)
        why = process.stderr.read().strip()
    if process.returncode:
        raise MonitorError(f"{path} can't be imported: {why[-2000:] or f'exit code {process.returncode}'}")


def _take(found: Iterator[dict[str, Any]], writer: Writer, config: Config, told: Told) -> Taken:
    tasks, workers, protection = writer.tasks(), writer.workers(), protect.of(config)
    taken = skipped = 0
    while part := list(itertools.islice(found, TOGETHER)):
        now = time.time()
        for task in part:
            made = list(events(task))
            tasks.fold(made, now, protection)
            taken, skipped = taken + bool(made), skipped + (not made)
        tasks.starts.clear()
        tasks.prepare()
        writer.commit(tasks, workers, {}, {}, now)
        tasks.settle()
        told(taken)
    return Taken(taken, skipped)
