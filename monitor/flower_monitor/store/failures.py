"""Failed tasks, grouped by task, exception and place: an inbox of what is wrong instead of a list of each time."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import apsw
import msgspec

from flower_monitor.constants import State
from flower_monitor.exceptions import QueryError
from flower_monitor.fold import row as r
from flower_monitor.fold.measures import UNKNOWN, exception_class
from flower_monitor.silence import Silence
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


class Kind(NamedTuple):
    """What tells one group of failures from another; not the line, which the next version of the code has elsewhere."""

    name: str | None
    exception: str
    """Its class; "" where its text does not tell."""

    file: str | None
    function: str | None

    @property
    def id(self) -> str:
        """The same for the same kind in every store, and short enough for a path."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]


class FailureGroup(msgspec.Struct, kw_only=True):
    """Failures of a task by one exception at one place."""

    id: str
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
    silence: Silence | None = None


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """Failures within a range."""

    start: float
    end: float
    looked: int
    more: bool
    """Older ones were not looked at."""

    groups: list[FailureGroup]


class GroupTasks(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks of one group."""

    n: int
    items: list[str]
    more: bool


class Failed(NamedTuple):
    """A task that failed."""

    uuid: str
    name: str | None
    worker: str | None
    queue: str | None
    at: float
    exception: str | None
    traceback: str | None


def read(connection: apsw.Connection, names: Names, query: FailureQuery, silences: Iterable[Silence] = ()) -> Failures:
    """The failures in a range, by what they are, with the silences of some.

    Raises:
        QueryError: It ends before it starts.
    """
    looked, more = _looked(connection, names, query)
    groups = grouped(looked, query.start, query.end)
    silent = {silence.id: silence for silence in silences}
    for group in groups:
        group.silence = silent.get(group.id)
    return Failures(start=query.start, end=query.end, looked=len(looked), more=more, groups=groups)


def tasks(connection: apsw.Connection, names: Names, query: FailureQuery, group: str, limit: int) -> GroupTasks:
    """The tasks of one group, of those in a range that are looked at; the newest `limit` of them by their ids.

    Raises:
        QueryError: The range ends before it starts.
    """
    looked, more = _looked(connection, names, query)
    found = [task.uuid for task in looked if kind_of(task, place_of(task.traceback)).id == group]
    return GroupTasks(n=len(found), items=found[:limit], more=more)


def _looked(connection: apsw.Connection, names: Names, query: FailureQuery) -> tuple[list[Failed], bool]:
    """The newest failed tasks of a range, and whether there are more."""
    if query.end <= query.start:
        raise QueryError("end", "must be later than start")
    values = {"state": State.FAILURE.value, "start": query.start, "end": query.end, "limit": query.limit + 1}
    rows: list[Any] = connection.execute(statement("failed_tasks"), values).fetchall()
    return list(_failed(rows[: query.limit], names)), len(rows) > query.limit


def _failed(rows: Iterable[Any], names: Names) -> Iterator[Failed]:
    for uuid, name, worker, queue, *rest in rows:
        yield Failed(r.text(uuid), names.text(name), names.text(worker), names.text(queue), *rest)


def grouped(failed: Iterable[Failed], start: float, end: float) -> list[FailureGroup]:
    """Tasks, newest first, as groups: that with the newest failure first. Pure."""
    groups: dict[Kind, FailureGroup] = {}
    for task in failed:
        place = place_of(task.traceback)
        kind = kind_of(task, place)
        group = groups.get(kind)
        if group is None:
            group = groups[kind] = _empty(task, kind, place)
        _add(group, task, (task.at - start) / (end - start))
    return sorted(groups.values(), key=lambda group: -group.last)


def kind_of(task: Failed, place: Place | None) -> Kind:
    """The group that a task which failed at a place belongs to."""
    exception = exception_class(task.exception)
    known = "" if exception == UNKNOWN else exception
    return Kind(task.name, known, *((place.file, place.function) if place is not None else (None, None)))


def place_of(traceback: str | None) -> Place | None:
    """Where the exception was raised; None where the traceback does not tell."""
    frames = list(_FRAME.finditer(traceback or ""))
    ours = [frame for frame in frames if not _LIBRARIES.search(frame["file"])]
    for frame in (ours or frames)[-1:]:
        return Place(frame["file"], int(frame["line"]), frame["function"])
    return None


def _empty(task: Failed, kind: Kind, place: Place | None) -> FailureGroup:
    return FailureGroup(
        id=kind.id, name=kind.name, exception=kind.exception, place=place, message=task.exception, n=0,
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
