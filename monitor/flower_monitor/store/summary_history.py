"""The summary's numbers over a range, in equal steps. Where a number was not known there is nothing, which is not 0."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, get_args

import apsw
import msgspec
from msgspec import Meta

from flower_monitor.store.queue_history import DepthQuery, End, Start, Step, steps_of
from flower_monitor.store.rollups import DAY, HOUR, MINUTE
from flower_monitor.store.sampled import Layout, Row
from flower_monitor.store.sql import statement
from flower_monitor.summary_samples import Figure, SummarySample

LAYOUT = Layout("summary_sample", "figure", {"n": "sum", "total": "sum", "least": "min", "most": "max"})

DIGITS = 6
"""Of a mean: of a million tasks that workers started one that was missed still tells."""

Values = list[float | None]


class SummaryHistory(msgspec.Struct, frozen=True, kw_only=True):
    """The summary's numbers over a range, by step; null: not known."""

    start: Start
    end: End
    step: Step
    workers: Annotated[Values, Meta(description="Mean of the workers online; null: the monitor did not run or hear")]
    least_workers: Annotated[Values, Meta(description="Fewest workers online at a time")]
    waiting: Annotated[Values, Meta(description="Mean of the messages that waited in all queues; null: nobody looked")]
    most_waiting: Annotated[Values, Meta(description="Most messages that waited at a time")]
    lag: Annotated[Values, Meta(description="Mean seconds from an event to its commit; null: no event came")]
    most_lag: Annotated[Values, Meta(description="Highest lag")]
    seen: Annotated[
        Values, Meta(description="Mean part of what workers started in an hour that was seen; null: they did nothing")
    ]
    least_seen: Annotated[Values, Meta(description="Lowest part")]


class _Known(msgspec.Struct):
    """What is known of a figure within a step."""

    n: int = 0
    total: float = 0.0
    least: float | None = None
    most: float | None = None

    def merge(self, n: int, total: float, least: float, most: float) -> None:
        """Count what another row tells of it."""
        self.n, self.total = self.n + n, self.total + total
        self.least = least if self.least is None else min(self.least, least)
        self.most = most if self.most is None else max(self.most, most)

    @property
    def mean(self) -> float | None:
        """None: nothing is known."""
        return round(self.total / self.n, DIGITS) if self.n else None


def rows(samples: Iterable[SummarySample]) -> list[Row]:
    """Samples as rows, for the writer."""
    return [
        (MINUTE, one.start, figure, 1, value, value, value) for one in samples for figure, value in one.figures.items()
    ]


def read(connection: apsw.Connection, query: DepthQuery) -> SummaryHistory:
    """The numbers of a range.

    Raises:
        QueryError: It ends before it starts.
    """
    chosen = {"start": query.start, "end": query.end}
    steps = steps_of(query, connection.execute(statement("summary_samples_coarsest"), chosen).get)
    found: dict[str, dict[int, _Known]] = {figure: {} for figure in get_args(Figure)}
    for step in (MINUTE, HOUR, DAY):
        values = {"step": step, "width": steps.step, "start": steps.start, "end": steps.stop}
        stored: Iterator[Any] = connection.execute(statement("summary_samples"), values)
        for at, figure, *known in stored:
            found[figure].setdefault(at, _Known()).merge(*known)
    workers, waiting, lag, seen = ([found[figure].get(at, _Known()) for at in steps] for figure in get_args(Figure))
    return SummaryHistory(
        start=steps.start, end=steps.stop, step=steps.step,
        workers=[known.mean for known in workers], least_workers=[known.least for known in workers],
        waiting=[known.mean for known in waiting], most_waiting=[known.most for known in waiting],
        lag=[known.mean for known in lag], most_lag=[known.most for known in lag],
        seen=[known.mean for known in seen], least_seen=[known.least for known in seen],
    )  # fmt: skip
