"""The store: can it be written, is there room, and does retention keep up. Pure but for the volume's numbers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flower_monitor.store import place
from flower_monitor.web.doctor.check import Check, Subject, ago, count, size
from flower_monitor.web.doctor.facts import Facts

STORE = Subject("store", "Store")
VOLUME = Subject("volume", "Volume")
RETENTION = Subject("retention", "Retention")

SCARCE = 0.05
"""Part of a volume that has to be free; and `place.LEAST_FREE`, below which it is full, four times."""

LOG = 128 << 20
"""Bytes that the file and its log may have beside what tasks take: two of SQLite's logs at their usual most."""

SLACK = 1.1
"""How far over a limit is still the work of a step or two."""

LATE = 3600.0
"""Seconds after which a task that is too old is gone: retention returns to what it passed every ten minutes."""


class Volume(NamedTuple):
    """Bytes."""

    total: int
    free: int


def volume_of(path: Path) -> Volume:
    """The volume that a store is on."""
    usage = shutil.disk_usage(path.parent)
    return Volume(usage.total, usage.free)


def left_on_volume(path: Path) -> int | None:
    """Bytes that the volume of a store has left; None where it does not say, as one that is gone."""
    try:
        return volume_of(path).free
    except OSError:
        return None


def checks(facts: Facts, found: Volume) -> Iterator[Check]:
    """All three."""
    yield store(facts)
    yield volume(facts, found)
    yield retention(facts)


def store(facts: Facts) -> Check:
    """Whether it can be read, which it was, and written."""
    status = facts.summary.store
    finding = f"{count(facts.summary.tasks, 'task')} in {size(status.bytes)}"
    if status.state == place.READ_ONLY:
        return STORE.failed(f"{finding}, on a volume that has become read-only: nothing new is stored.", _MOUNT)
    replaced = next((notice for notice in facts.summary.notices if notice.code == "store-replaced"), None)
    if replaced is not None:
        return STORE.warning(replaced.message, replaced.fix)
    return STORE.ok(f"{finding}, {status.kind}.")


_MOUNT = "Mount it for writing, and look at the log of its node for why it is not."


def volume(facts: Facts, found: Volume) -> Check:
    """Whether there is room."""
    limit = facts.summary.store.retention_bytes
    bound = "no limit" if limit is None else f"{size(limit)} at most"
    finding = f"{size(found.free)} of {size(found.total)} are free; tasks may take {bound}."
    if found.free < place.LEAST_FREE:
        return VOLUME.failed(f"{finding} What can't be stored waits in memory, and then is dropped.", _ROOM)
    if found.free < max(4 * place.LEAST_FREE, SCARCE * found.total):
        return VOLUME.warning(finding, _ROOM)
    return VOLUME.ok(finding)


_ROOM = "Make the volume larger (spec.storage.size of a FlowerMonitor), or lower --retention-bytes."


def retention(facts: Facts) -> Check:
    """Whether what is kept is within its limits."""
    over = list(_over(facts))
    if not over:
        return RETENTION.ok(f"Within its limits: {', '.join(_limits(facts))}.")
    return RETENTION.warning(
        f"Kept beyond its limits: {', '.join(over)}.",
        "If it does not shrink within the hour, give the monitor more CPU; unfinished tasks, and those whose sender's "
        "clock was wrong, stay until --retention-age has passed since they came.",
    )


def _over(facts: Facts) -> Iterator[str]:
    status, tasks = facts.summary.store, facts.summary.tasks
    if status.retention_tasks and tasks > SLACK * status.retention_tasks:
        yield f"{tasks:,} of {count(status.retention_tasks, 'task')}"
    if status.retention_bytes and status.bytes > SLACK * status.retention_bytes + LOG:
        yield f"{size(status.bytes)} of {size(status.retention_bytes)}"
    age = None if status.oldest is None else facts.now - status.oldest
    if status.retention_age and age is not None and age > SLACK * status.retention_age + LATE:
        yield f"the oldest task is {ago(age)} old, of {ago(status.retention_age)}"


def _limits(facts: Facts) -> Iterator[str]:
    status = facts.summary.store
    yield f"{facts.summary.tasks:,} of {count(status.retention_tasks, 'task')}"
    if status.retention_bytes:
        yield f"{size(status.bytes)} of {size(status.retention_bytes)}"
    if status.retention_age:
        oldest = "none kept" if status.oldest is None else f"the oldest {ago(facts.now - status.oldest)} old"
        yield f"{oldest} of {ago(status.retention_age)}"
