"""How long queues were: a row a queue and minute, folded up with age (sampled.py).

A handful of rows every ten seconds while somebody looks at queues, none while nobody does.
"""

from collections.abc import Iterable

import apsw

from flower_monitor.fold.intern import Interner
from flower_monitor.queue_samples import QueueSamples, Sample
from flower_monitor.store.rollups import MINUTE
from flower_monitor.store.sampled import Layout, Row, Sampled

LAYOUT = Layout(
    "queue_depth",
    "queue",
    {
        "ready_n": "sum", "ready_total": "sum", "ready_most": "max",
        "unacknowledged_n": "sum", "unacknowledged_total": "sum", "unacknowledged_most": "max",
        "consumers_n": "sum", "consumers_total": "sum", "consumers_most": "max",
    },
)  # fmt: skip
"""In the order of a sample's figures."""


class Depths(Sampled):
    """The lengths of queues in a store, for its writer."""

    def __init__(self, connection: apsw.Connection, names: Interner, age: float) -> None:
        super().__init__(connection, LAYOUT, age)
        self._names = names

    def rows(self, samples: Iterable[QueueSamples]) -> list[Row]:
        """Samples as rows. Queues get their numbers here, before the names of a transaction are written."""
        return [
            (MINUTE, one.start, self._names.number(queue), *_values(sample))
            for one in samples
            for queue, sample in one.queues.items()
        ]


def _values(sample: Sample) -> tuple[int, ...]:
    figures = (sample.ready, sample.unacknowledged, sample.consumers)
    return tuple(value for figure in figures for value in (figure.n, figure.total, figure.most))
