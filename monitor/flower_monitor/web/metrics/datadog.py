"""What Datadog's Celery check reads beside Flower's six families: prometheus_client's `_created`.

In Flower they are when the client library first saw a series. Here a counter began with the store, at 0, and every
series with it, so that is what they all say.

Families of their own in the text format only: in OpenMetrics they are samples of the counter and of the histogram
(flower.py).
"""

from collections.abc import Iterable, Iterator

import msgspec

from flower_monitor.web.metrics.exposition import Family, escape, labels
from flower_monitor.web.metrics.flower import EVENTS, RUNTIME, Events, by_label, kind_labels
from flower_monitor.web.metrics.kept import Kept, Unchanged
from flower_monitor.web.metrics.snapshot import Counts, Snapshot

#: Worker, type, names of tasks as packed in the store, when the counts began.
Series = tuple[str, str, tuple[str, ...], float]


class DatadogFamilies:
    """The families. Remembers the text of the last scrape's series; not thread-safe."""

    def __init__(self) -> None:
        self._events = Kept(_lines)
        self._runtimes = Kept(_runtime)
        self._counted = Unchanged(self._of_counts)

    def families(self, snapshot: Snapshot) -> Iterable[Family]:
        """Both."""
        return self._counted.families(snapshot.counts)

    def _of_counts(self, counts: Counts) -> Iterator[Family]:
        rows = [_series(events, counts.created) for events in by_label(counts)]
        yield Family(f"{EVENTS}_created", "gauge", "When the counts of events began", self._events.texts(rows))
        kinds = list(dict.fromkeys((row.worker, row.task, counts.created) for row in counts.runtimes))
        text = "When the counts of run times began"
        yield Family(f"{RUNTIME}_created", "gauge", text, self._runtimes.texts(kinds), each=1)


def _series(events: Events, created: float) -> Series:
    return events.worker, events.type, tuple(row.tasks for row in events.rows), created


def _lines(series: Series) -> bytes:
    worker, kind, packed, created = series
    tasks = dict.fromkeys(task for names in packed for task in msgspec.json.decode(names, type=list[str]))
    rest = labels(type=kind, worker=worker)
    return "".join(f'{EVENTS}_created{{task="{escape(task)}",{rest}}} {created}\n' for task in tasks).encode()


def _runtime(series: tuple[str, str, float]) -> bytes:
    worker, task, created = series
    return f"{RUNTIME}_created{{{kind_labels((worker, task))}}} {created}\n".encode()
