"""How long queues were over a range, in equal steps. Where nobody looked there is nothing, which is not 0."""

import math
from collections.abc import Iterator
from typing import Annotated, Any

import apsw
import msgspec
from msgspec import Meta

from flower_monitor.exceptions import QueryError
from flower_monitor.queue_samples import Figure, Sample
from flower_monitor.store.history import width_of
from flower_monitor.store.names import Names
from flower_monitor.store.rollups import DAY, HOUR, MINUTE
from flower_monitor.store.sql import statement

Start = Annotated[int, Meta(description="Start of the first step, epoch seconds")]
End = Annotated[int, Meta(description="End of the last step")]
Step = Annotated[int, Meta(description="Seconds of a step")]
Name = Annotated[str, Meta(description="Name of the queue")]
Ready = Annotated[
    list[float | None], Meta(description="Mean of the messages that waited, by step; null: nobody looked")
]


class DepthQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Of when."""

    start: float
    """Epoch seconds. The range grows to whole steps."""

    end: float
    points: int
    """Most steps."""


class QueueHistory(msgspec.Struct, frozen=True, kw_only=True):
    """How long a queue was over a range."""

    name: Name
    start: Start
    end: End
    step: Step
    ready: Ready
    most_ready: Annotated[list[int | None], Meta(description="Most messages that waited at a time, by step")]
    unacknowledged: Annotated[
        list[float | None], Meta(description="Mean of the messages that consumers had; null: not looked, or not told")
    ]
    consumers: Annotated[list[float | None], Meta(description="Mean of the consumers; null: not looked, or not told")]


class QueueLine(msgspec.Struct, frozen=True, kw_only=True):
    """The same of one of many, in short."""

    name: Name
    ready: Ready


class QueueLines(msgspec.Struct, frozen=True, kw_only=True):
    """How long queues were over a range."""

    start: Start
    end: End
    step: Step
    items: Annotated[list[QueueLine], Meta(description="The queues that were looked at in it, by name")]


class _Steps(msgspec.Struct, frozen=True):
    """A range in steps, and what is known of them: number of a queue -> start of a step -> sample."""

    start: int
    end: int
    step: int
    queues: dict[int, dict[int, Sample]]

    def of(self, queue: int | None) -> list[Sample]:
        """The samples of a queue, step by step; empty ones where nobody looked."""
        known = self.queues.get(queue or -1, {})
        return [known.get(at) or Sample() for at in range(self.start, self.end, self.step)]


def one(connection: apsw.Connection, names: Names, name: str, query: DepthQuery) -> QueueHistory:
    """The history of one queue; of one that nobody ever saw it is empty.

    Raises:
        QueryError: The range ends before it starts.
    """
    number = names.id(name)
    steps = _read(connection, query, number or -1)
    samples = steps.of(number)
    return QueueHistory(
        name=name, start=steps.start, end=steps.end, step=steps.step,
        ready=[sample.ready.mean for sample in samples],
        most_ready=[sample.ready.most if sample.ready.n else None for sample in samples],
        unacknowledged=[sample.unacknowledged.mean for sample in samples],
        consumers=[sample.consumers.mean for sample in samples],
    )  # fmt: skip


def every(connection: apsw.Connection, names: Names, query: DepthQuery) -> QueueLines:
    """The lengths of all queues that were looked at.

    Raises:
        QueryError: The range ends before it starts.
    """
    steps = _read(connection, query, None)
    known = {names.text(number) or "": number for number in steps.queues}
    lines = [
        QueueLine(name=name, ready=[sample.ready.mean for sample in steps.of(number)])
        for name, number in sorted(known.items())
    ]
    return QueueLines(start=steps.start, end=steps.end, step=steps.step, items=lines)


def _read(connection: apsw.Connection, query: DepthQuery, queue: int | None) -> _Steps:
    chosen = {"start": query.start, "end": query.end, "queue": queue}
    steps = steps_of(query, connection.execute(statement("depths_coarsest"), chosen).get)
    found: dict[int, dict[int, Sample]] = {}
    for step in (MINUTE, HOUR, DAY):
        values = {"step": step, "width": steps.step, "start": steps.start, "end": steps.stop, "queue": queue}
        rows: Iterator[Any] = connection.execute(statement("depths"), values)
        for at, number, *figures in rows:
            found.setdefault(number, {}).setdefault(at, Sample()).merge(_sample(figures))
    return _Steps(steps.start, steps.stop, steps.step, found)


def steps_of(query: DepthQuery, coarsest: int | None) -> range:
    """The starts of the steps of a range, none shorter than what is kept in it (None: nothing is). Pure.

    Raises:
        QueryError: It ends before it starts.
    """
    if query.end <= query.start:
        raise QueryError("end", "must be later than start")
    width = width_of(coarsest or MINUTE, query.start, query.end, query.points)
    start = int(query.start // width) * width
    return range(start, max(start + width, math.ceil(query.end / width) * width), width)


def _sample(values: list[int]) -> Sample:
    return Sample(Figure(*values[0:3]), Figure(*values[3:6]), Figure(*values[6:9]))
