"""Failed tasks, grouped by task, exception and place: an inbox of what is wrong instead of a list of each time."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import apsw
import msgspec

from flower_monitor.constants import State
from flower_monitor.exceptions import QueryError
from flower_monitor.fold import row as r
from flower_monitor.fold.measures import UNKNOWN, exception_class
from flower_monitor.store.names import Names
from flower_monitor.store.sql import statement

#: Tasks that are looked at unless more are asked for: some tenths of a second, most of it for tracebacks.
LOOKED_AT = 2000

#: Equal parts of the range of which a group tells how often it failed.
PARTS = 24

#: Workers and queues that a group names.
NAMED = 5

_FRAME = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+), in (?P<function>.+)$', re.MULTILINE)

#: Whose frames tell less of where it went wrong than those of the tasks' own code.
_LIBRARIES = re.compile(r"[/\\](site-packages|dist-packages|lib[/\\]python3[^/\\]*)[/\\]")


class FailureQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which failures."""

    start: float
    """Epoch seconds, as `end`: when the tasks were received."""

    end: float
    limit: int = LOOKED_AT
    """Most tasks looked at, the newest ones."""


class Place(msgspec.Struct, frozen=True):
    """Where an exception was raised: the innermost frame of the traceback that is not in a library, if there is one."""

    file: str
    line: int
    function: str


class FailureGroup(msgspec.Struct, kw_only=True):
    """Failures of a task by one exception at one place."""

    name: str | None
    exception: str
    place: Place | None
    message: str | None
    """The exception of the newest, as text."""

    n: int
    first: float
    last: float
    task: str
    """Id of the newest."""

    workers: dict[str, int]
    other_workers: int
    queues: dict[str, int]
    other_queues: int
    parts: list[int]


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """Failures within a range."""

    start: float
    end: float
    looked: int
    more: bool
    """Older ones were not looked at."""

    groups: list[FailureGroup]


class Failed(NamedTuple):
    """A task that failed."""

    uuid: str
    name: str | None
    worker: str | None
    queue: str | None
    at: float
    exception: str | None
    traceback: str | None


def read(connection: apsw.Connection, names: Names, query: FailureQuery) -> Failures:
    """The failures in a range, by what they are.

    Raises:
        QueryError: It ends before it starts.
    """
    if query.end <= query.start:
        raise QueryError("end", "must be later than start")
    values = {"state": State.FAILURE.value, "start": query.start, "end": query.end, "limit": query.limit + 1}
    rows: list[Any] = connection.execute(statement("failed_tasks"), values).fetchall()
    looked = rows[: query.limit]
    groups = grouped(_failed(looked, names), query.start, query.end)
    return Failures(
        start=query.start, end=query.end, looked=len(looked), more=len(rows) > query.limit, groups=groups
    )  # fmt: skip


def _failed(rows: Iterable[Any], names: Names) -> Iterator[Failed]:
    for uuid, name, worker, queue, *rest in rows:
        yield Failed(r.text(uuid), names.text(name), names.text(worker), names.text(queue), *rest)


def grouped(failed: Iterable[Failed], start: float, end: float) -> list[FailureGroup]:
    """Tasks, newest first, as groups: that with the newest failure first. Pure."""
    groups: dict[tuple[str | None, str, tuple[str, str] | None], FailureGroup] = {}
    for task in failed:
        exception, place = exception_class(task.exception), place_of(task.traceback)
        # Without the line: the next version of the code has it elsewhere.
        where = (place.file, place.function) if place is not None else None
        key = (task.name, exception, where)
        group = groups.setdefault(key, _empty(task, exception, place))
        _add(group, task, (task.at - start) / (end - start))
    return sorted(groups.values(), key=lambda group: -group.last)


def place_of(traceback: str | None) -> Place | None:
    """Where the exception was raised; None where the traceback does not tell."""
    frames = list(_FRAME.finditer(traceback or ""))
    ours = [frame for frame in frames if not _LIBRARIES.search(frame["file"])]
    for frame in (ours or frames)[-1:]:
        return Place(frame["file"], int(frame["line"]), frame["function"])
    return None


def _empty(task: Failed, exception: str, place: Place | None) -> FailureGroup:
    return FailureGroup(
        name=task.name, exception="" if exception == UNKNOWN else exception, place=place, message=task.exception, n=0,
        first=task.at, last=task.at, task=task.uuid, workers={}, other_workers=0, queues={}, other_queues=0,
        parts=[0] * PARTS,
    )  # fmt: skip


def _add(group: FailureGroup, task: Failed, through: float) -> None:
    """Count a task; `through` is how far through the range it failed, 0 to 1."""
    group.n += 1
    group.first, group.last = min(group.first, task.at), max(group.last, task.at)
    group.parts[min(PARTS - 1, max(0, int(through * PARTS)))] += 1
    group.other_workers += _count(group.workers, task.worker)
    group.other_queues += _count(group.queues, task.queue)


def _count(named: dict[str, int], text: str | None) -> int:
    """Count one of some that are named; 1 where there is no room for its name."""
    if text is None:
        return 0
    if text not in named and len(named) >= NAMED:
        return 1
    named[text] = named.get(text, 0) + 1
    return 0
