"""One look at the store for the live stream: everything the topics need, as of one commit. Runs in a thread."""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from flower_monitor.store.reader import Reader
from flower_monitor.store.records import Notice
from flower_monitor.web.deltas import MAX_TASKS, SUMMARY, TASKS, WORKERS, Delta, TaskDelta, task_delta
from flower_monitor.web.shapes import SummaryBody, WorkerList
from flower_monitor.web.summary import MINUTES, Identity, summary_body

RECENT_COMMITS = 40
"""Commits that a snapshot goes back, about ten seconds: a page that was loaded and then opens its stream
misses nothing that happened in between."""


@dataclass(frozen=True)
class Observer:
    """Looks at the store the way this monitor shows it."""

    who: Identity
    notices: Callable[[], Iterable[Notice]]
    """What this process has to add to the store's notices."""

    clock: Callable[[], float] = time.time

    free: Callable[[], int | None] = lambda: None
    """Bytes that the store's volume has left."""

    def summary(self, reader: Reader) -> SummaryBody:
        """The summary as it is now."""
        rollups = reader.rollups(MINUTES)
        return summary_body(self.who, reader.summary(), rollups, self.notices(), self.clock(), self.free())

    def look(self, reader: Reader, since: int | None, topics: Collection[str]) -> tuple[int, list[Delta]]:
        """What is new on some topics.

        The tasks are read first and their commit names the whole look: workers and summary are as new or
        newer, so one who resumes after that commit misses nothing.

        Args:
            reader: A reader of this thread's own.
            since: The commit whose tasks are known already; None: a newcomer, who gets the recent ones.
            topics: What somebody wants.

        Returns:
            The commit looked at, and a delta for each topic.
        """
        batch = reader.batch()
        deltas: list[Delta] = []
        if TASKS in topics:
            delta = _changes(reader, since, batch)
            batch = delta.batch
            deltas.append(delta)
        if WORKERS in topics:
            deltas.append(Delta(WORKERS, batch, WorkerList(reader.workers())))
        if SUMMARY in topics:
            deltas.append(Delta(SUMMARY, batch, self.summary(reader)))
        return batch, deltas


def _changes(reader: Reader, since: int | None, batch: int) -> TaskDelta:
    """The tasks changed since a commit.

    A commit of the future means that the store is another one than the client knew: it gets what is recent
    in this one, and is told that this is not all.
    """
    recent = max(0, batch - RECENT_COMMITS)
    foreign = since is not None and since > batch
    changes = reader.changed_since(recent if since is None or foreign else since, MAX_TASKS)
    return task_delta(changes.batch, changes.items, truncated=changes.truncated or foreign)
