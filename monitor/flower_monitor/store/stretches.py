"""Reading stretches of indexes: which tasks come next, and which of them are in other stretches too."""

import heapq
import itertools
from array import array
from collections.abc import Sequence
from typing import Any

import apsw

from flower_monitor.store.listing import Group, Position, Range

#: Entries of another index that are read for each task that they may spare: a task costs some forty times as much.
WIDER = 8

#: Value and id, as an index has them.
Key = tuple[float, int]


def table(group: Group) -> str:
    """What to read tasks of some ids from.

    By itself SQLite reads an index of what is filtered by, all of it for each step. That pays where a walk by another
    value finds next to nothing.
    """
    return "task not indexed" if group.others else "task"


def keys(connection: apsw.Connection, group: Group, descending: bool, after: Position | None, limit: int) -> list[Key]:
    """The next of a group, its stretches merged."""
    found: list[Any] = [connection.execute(*stretch.keys(descending, after, limit)) for stretch in group.ranges]
    if len(found) == 1:
        return found[0].fetchall()  # type: ignore[no-any-return]  # what its columns are
    return list(itertools.islice(heapq.merge(*found, reverse=descending), limit))


def shared(connection: apsw.Connection, keys: list[Key], others: Sequence[Sequence[Range]]) -> list[Key]:
    """Those of some keys that are in stretches of all others too, as far as it pays to find out."""
    for ranges in others:
        found = _between(connection, keys, ranges)
        if found is not None:
            keys = [key for key in keys if key[1] in found]
    return keys


def _between(connection: apsw.Connection, keys: list[Key], ranges: Sequence[Range]) -> set[int] | None:
    """Ids in some stretches, from the first to the last of some keys; None where to read those tasks costs less."""
    found: set[int] = set()
    if not keys:
        return found
    low, high = sorted((keys[0][0], keys[-1][0]))
    most = WIDER * len(keys)
    for stretch in ranges:
        rows: Any = connection.execute(*stretch.between(low, high, most - len(found)))
        found.update(itertools.chain.from_iterable(rows))
        if len(found) >= most:
            return None
    return found


def packed(keys: Sequence[Position]) -> Any:
    """The ids as SQLite takes them: one array instead of as many parameters."""
    return apsw.carray(array("q", [key.task for key in keys]))
