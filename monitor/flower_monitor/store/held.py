"""New tasks that are held back from the task table for a moment (fold/outbox.py), written down in one piece.

Each commit replaces the piece, so that after a kill -9 they are there as they were at the last one. No index knows
them: that is what makes it cheap.
"""

from collections.abc import Collection
from typing import Any

import apsw
import msgspec

from flower_monitor.fold.row import UUID, Key, Row

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[list[Any]]).decode


_ALL = "select tasks from held"


class Held:
    """The piece, for the store's writer; within its transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._empty = False

    def load(self) -> list[Row]:
        """What was written down last."""
        found: bytes | None = self._connection.execute(_ALL).get
        return [] if found is None else _decode(found)

    def save(self, rows: Collection[Row]) -> None:
        """Write these down, and nothing else."""
        if rows:
            self._connection.execute("insert or replace into held values (0, ?)", (_encode(list(rows)),))
        elif not self._empty:
            self._connection.execute("delete from held")
        self._empty = not rows

    def reset(self) -> None:
        """The transaction was rolled back: what is written down is not known."""
        self._empty = False


def find(connection: apsw.Connection, key: Key) -> Row | None:
    """The task of a uuid, if it is held back."""
    found: bytes | None = connection.execute(_ALL).get
    # Thousands of tasks are unpacked only when it may be among them.
    if found is None or (key.encode() if isinstance(key, str) else key) not in found:
        return None
    return next((row for row in _decode(found) if row[UUID] == key), None)
