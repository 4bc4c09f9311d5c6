"""The tasks that one task led to: chains, groups and chords, as far as the root and parent of each tell."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import apsw
import msgspec

from flower_monitor.constants import LAST_FINISHED, State
from flower_monitor.fold import row as r
from flower_monitor.store.names import Names
from flower_monitor.store.records import VerdictRow
from flower_monitor.store.sql import statement
from flower_monitor.truth.verdict import Outcome

#: Most tasks in an answer: 5 MB of JSON, some tenths of a second.
MOST = 20_000


class WorkflowTask(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A task of a workflow. Times are epoch seconds; what is not known is None."""

    uuid: str
    name: str | None
    state: str
    parent_id: str | None
    worker: str | None
    sent: float | None
    received: float | None
    started: float | None
    ended: float | None
    runtime: float | None
    retries: int | None
    verdict: Outcome | None
    """Only of an unfinished task."""


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks of one root, the root first, then those that were seen first."""

    root_id: str
    name: str | None
    """Of the root; None: not known, or the root is no longer kept."""

    items: list[WorkflowTask]
    more: bool
    """There are more tasks than these."""


class _Stored(NamedTuple):
    """A row of `workflow_members.sql`."""

    uuid: r.Key
    name: int | None
    state: int
    worker: int | None
    parent: r.Key | None
    sent: float | None
    received: float | None
    started: float | None
    succeeded: float | None
    failed: float | None
    revoked: float | None
    rejected: float | None
    runtime: float | None
    retries: int | None
    verdict: Outcome | None


def read(
    connection: apsw.Connection,
    names: Names,
    root_id: str,
    root: Sequence[Any] | None,
    verdict: VerdictRow | None,
    limit: int,
) -> Workflow | None:
    """The workflow of a root, whose own row and verdict are given if it is kept; None: no task is known to have it."""
    values = {"root": r.root(root_id), "limit": limit + 1}
    members = [_Stored(*row) for row in connection.execute(statement("workflow_members"), values)]
    if not members and (root is None or root[r.ROOT] not in (r.SELF, None)):
        return None
    stored = [_of_root(root, verdict), *members] if root is not None else members
    name = None if root is None else names.text(root[r.NAME])
    return Workflow(root_id=root_id, name=name, items=_items(stored[:limit], names), more=len(stored) > limit)


def _of_root(row: Sequence[Any], verdict: VerdictRow | None) -> _Stored:
    places = (r.UUID, r.NAME, r.STATE, r.WORKER, r.PARENT, r.SENT, r.RECEIVED, r.STARTED, r.SUCCEEDED, r.FAILED,
              r.REVOKED, r.REJECTED, r.RUNTIME, r.RETRIES)  # fmt: skip
    return _Stored._make([*(row[place] for place in places), verdict.verdict if verdict else None])


def _items(stored: Iterable[_Stored], names: Names) -> list[WorkflowTask]:
    return [
        WorkflowTask(
            uuid=r.text(task.uuid), name=names.text(task.name), state=names.state(task.state),
            parent_id=None if task.parent is None else r.text(task.parent), worker=names.text(task.worker),
            sent=task.sent, received=task.received, started=task.started, ended=_ended(task), runtime=task.runtime,
            retries=task.retries, verdict=task.verdict if task.state > LAST_FINISHED.value else None,
        )
        for task in stored
    ]  # fmt: skip


def _ended(task: _Stored) -> float | None:
    """When it ended, by the event that its state is of: a repeated task may have others."""
    times = {
        State.SUCCESS.value: task.succeeded,
        State.FAILURE.value: task.failed,
        State.REVOKED.value: task.revoked,
        State.REJECTED.value: task.rejected,
    }
    return times.get(task.state)
