"""What the live stream sends: one kind of message a topic, each able to swallow its predecessor.

A subscriber that is slow or cut off never makes a queue: what it has not taken yet is merged with what
comes next, so it gets the newest state in one piece, and its memory is bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from typing_extensions import override

from flower_monitor.store.records import TaskRow
from flower_monitor.web.shapes import TaskChanges

TASKS, WORKERS, SUMMARY = "tasks", "workers", "summary"

TOPICS = (TASKS, WORKERS, SUMMARY)
"""In the order in which they are sent. Tasks come first: a client resumes after the last id it saw, and must
not have seen an id before it has the tasks that belong to it."""

MAX_TASKS = 500
"""Most tasks in one delta. A page shows fewer, and 500 of them are about 400 kB."""


@dataclass(frozen=True)
class Delta:
    """The newest state of a topic, as of a commit of the store."""

    topic: str
    batch: int
    body: Any

    @cached_property
    def frame(self) -> bytes:
        """The server-sent event, encoded once for all subscribers."""
        data = msgspec.json.encode(self.body)
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (self.batch, self.topic.encode(), data)

    def after(self, older: "Delta | None") -> "Delta":
        """This delta for one who has not taken the older one yet: it holds everything already."""
        return self


@dataclass(frozen=True)
class TaskDelta(Delta):
    """The tasks changed since the delta before: an older one has to be merged in."""

    body: TaskChanges

    @override
    def after(self, older: Delta | None) -> "TaskDelta":
        """Both deltas in one, each task once, the newest `MAX_TASKS` of them."""
        if not isinstance(older, TaskDelta):
            return self
        return task_delta(
            max(self.batch, older.batch),
            [*older.body.items, *self.body.items],
            truncated=older.body.truncated or self.body.truncated,
        )


def task_delta(batch: int, changed: Sequence[TaskRow], *, truncated: bool) -> TaskDelta:
    """A delta of tasks, oldest change first; where a task is twice, the later one holds."""
    newest: dict[str, TaskRow] = {}
    for task in changed:
        newest.pop(task.uuid, None)
        newest[task.uuid] = task
    items = list(newest.values())
    return TaskDelta(TASKS, batch, TaskChanges(items[-MAX_TASKS:], truncated or len(items) > MAX_TASKS))
