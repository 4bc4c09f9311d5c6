"""Latency sketches: how many values fell into each of many buckets, every bucket 4 % wider than the one below.

So each quantile is exact to 2 %, and two sketches add up to that of all their values: DDSketch (Masson, Rim and Lee,
VLDB 2019). A dict and not the `ddsketch` package: that takes 2.4 times as long to merge (28 against 12 us for 100
values each), as much memory, and protobuf to be written down.
"""

import math
from collections.abc import Mapping
from math import ceil, log

import msgspec

#: Bucket -> how many values.
Sketch = dict[int, int]

#: Relative error of a quantile.
ERROR = 0.02

#: What is shorter or longer than these seconds counts as these.
LEAST, MOST = 1e-6, 1e9

_GAMMA = (1 + ERROR) / (1 - ERROR)
_SCALE = 1 / math.log(_GAMMA)

_decode = msgspec.msgpack.Decoder(Sketch).decode


def bucket(value: float) -> int:
    """The bucket of a value."""
    if not LEAST <= value <= MOST:
        value = LEAST if value < LEAST else MOST
    return ceil(log(value) * _SCALE)


def merge(sketch: Sketch, other: Mapping[int, int]) -> None:
    """Add another's values."""
    for place, n in other.items():
        sketch[place] = sketch.get(place, 0) + n


def quantiles(sketch: Sketch, wanted: tuple[float, ...]) -> list[float | None]:
    """The values at some quantiles, ascending ones, of the lower of two that lie between; None when it is empty."""
    last = sum(sketch.values()) - 1
    if last < 0:
        return [None] * len(wanted)
    found: list[float | None] = []
    places = iter(sorted(sketch))
    place, below = 0, 0
    for quantile in wanted:
        while below <= math.floor(quantile * last):
            place = next(places)
            below += sketch[place]
        found.append(2 * _GAMMA**place / (_GAMMA + 1))
    return found


def pack(sketch: Sketch) -> bytes | None:
    """As stored: some 4 bytes a bucket; None for an empty one."""
    return msgspec.msgpack.encode(sketch) if sketch else None


def unpack(stored: bytes | None) -> Sketch:
    """What `pack` stored."""
    return _decode(stored) if stored else {}
