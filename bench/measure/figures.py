"""Medians and quantiles."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Several runs of one figure."""

    median: float
    min: float
    max: float
    n: int


@dataclass(frozen=True)
class Quantiles:
    """Latencies, in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float
    n: int


def spread(values: Iterable[float | None], digits: int = 1) -> Spread | None:
    """Of the values that there are; None when there is none."""
    found = [value for value in values if value is not None]
    if not found:
        return None
    median = round(statistics.median(found), digits)
    return Spread(median, round(min(found), digits), round(max(found), digits), len(found))


def quantiles(seconds: Sequence[float]) -> Quantiles | None:
    """Of latencies in seconds: the value that this part of them does not exceed. None of none."""
    if not seconds:
        return None
    ordered = sorted(seconds)

    def at(part: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2)

    return Quantiles(at(0.5), at(0.95), at(0.99), at(1), len(ordered))


def mib(size: float) -> float:
    """MiB of bytes, to a tenth."""
    return round(size / 2**20, 1)
