"""Where a history comes from: the store's sums by minute, a CSV file, or lines of JSON.

The store keeps what ended in each minute, by queue: that is taken for what came in then. It keeps no lengths of
queues; whoever has them (Prometheus, `flower_monitor_autoscale_queue_ready`) can give them in a file.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from flower_monitor.store.reader import Reader
from flower_monitor.store.records import EndedRow

MOST_ROWS = 1_000_000
"""Rows of a file."""

MINUTE = 60

INSTANT = 0.001
"""Seconds that a task takes at least: a queue of tasks that take none never grows."""


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What held from a time on."""

    at: float
    """Epoch seconds."""

    seconds: float = float(MINUTE)
    """For how long; of a file: until the next row."""

    arrivals: float = 0.0
    """Tasks that came in."""

    runtime: float = 1.0
    """Seconds that each of them runs."""

    ready: float | None = None
    """Messages that waited, where somebody has seen it."""

    active: float = 0.0
    """Tasks that ran, or that workers had, where somebody has seen `ready`."""

    @property
    def seen(self) -> float | None:
        """The work that somebody has seen; None: it is simulated."""
        return None if self.ready is None else self.ready + self.active


def parse(text: str) -> list[Point]:
    """The history of a file: CSV with a line of names, or an object a line.

    Raises:
        ValueError: It is wrong; it says in which line.
    """
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    points = [_point(number, row) for number, row in rows]
    if len(points) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows")
    return _joined(points)


def of_store(reader: Reader, queue: str | None, start: float, end: float) -> list[Point]:
    """What ended in each minute of a range, of one queue or of all; what is older is known by hour and by day.

    Args:
        reader: Of the store.
        queue: Name of the queue; None: all.
        start: Epoch seconds.
        end: Epoch seconds.
    """
    points = {float(row.start): _ended(row) for row in reader.ended(queue, start, end)}
    return list(_filled([points[at] for at in sorted(points)]))


def _ended(row: EndedRow) -> Point:
    runtime = row.runtime_sum / row.succeeded if row.succeeded else 0.0
    return Point(at=row.start, seconds=row.step, arrivals=row.n, runtime=max(INSTANT, runtime))


def _filled(points: list[Point]) -> Iterator[Point]:
    """The same, with the times between them in which nothing ended."""
    end = points[0].at if points else 0.0
    for point in points:
        if point.at > end:
            yield Point(at=end, seconds=point.at - end)
        yield point
        end = point.at + point.seconds


def _json_rows(text: str) -> Iterable[tuple[int, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                raise ValueError(f"line {number}: {error}") from error


def _csv_rows(text: str) -> Iterable[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        yield reader.line_num, {name: value for name, value in row.items() if value}


def _point(number: int, row: Any) -> Point:
    try:
        point = msgspec.convert(row, Point, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"line {number}: {error}; there are at, arrivals, runtime, ready, active") from error
    if point.runtime <= 0 or point.arrivals < 0 or point.active < 0 or (point.ready or 0) < 0:
        raise ValueError(f"line {number}: runtime is above 0; arrivals, ready and active are not below it")
    return point


def _joined(points: list[Point]) -> list[Point]:
    """Each until the next; the last as long as the one before."""
    ordered = sorted(points, key=lambda point: point.at)
    lengths = [after.at - before.at for before, after in pairwise(ordered)]
    if 0 in lengths:
        at = ordered[lengths.index(0)].at
        raise ValueError(f"two rows are of the same time, {at}")
    lengths.append(lengths[-1] if lengths else float(MINUTE))
    return [
        msgspec.structs.replace(point, seconds=length)
        for point, length in zip(ordered, lengths[: len(ordered)], strict=True)
    ]
