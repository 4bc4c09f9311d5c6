"""What tasks told in custom events: the fields that a history has no room for, bounded. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from flower_monitor.fold import row as r

#: Events of a task whose fields are kept: the newest.
MOST_EVENTS = 64

#: Bytes of them all, as JSON: with two numbers each 64 events take 5,000.
LONGEST = 32_768

_encode = msgspec.json.Encoder().encode


class Told(NamedTuple):
    """What one event told; the first three are its entry in the task's history."""

    code: int
    sender: int
    time: float
    fields: dict[str, Any]


class Telling(NamedTuple):
    """What a task told since the last commit."""

    row: r.Row
    told: list[Told]

    def add(self, one: Told) -> None:
        """One event more; the oldest goes when there are too many."""
        self.told.append(one)
        del self.told[:-MOST_EVENTS]


def kept(told: Sequence[Told]) -> list[Told]:
    """As much of it as is kept, the newest."""
    found: list[Told] = []
    left = LONGEST
    for one in reversed(told[-MOST_EVENTS:]):
        left -= len(_encode(one))
        if left < 0:
            break
        found.append(one)
    return found[::-1]
