"""What tasks told in custom events, in the store."""

from collections.abc import Iterable
from typing import Any

import apsw
import msgspec

from flower_monitor.fold import row as r
from flower_monitor.fold.told import Telling, Told, kept

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Told]).decode


def save(connection: apsw.Connection, tellings: Iterable[Telling]) -> None:
    """Add what was told since the last commit; within the writer's transaction, when tasks have their ids."""
    for row, told in tellings:
        events = kept([*load(connection, row[r.ID]), *told])
        connection.execute("insert or replace into told values (?, ?)", (row[r.ID], _encode(events).decode()))


def load(connection: apsw.Connection, task: int) -> list[Told]:
    """What a task told, in the order it came."""
    found: Any = connection.execute("select events from told where task = ?", (task,)).get
    return [] if found is None else _decode(found)


def forget(connection: apsw.Connection, after: int, last: int) -> None:
    """Delete what tasks told that are gone, of those with ids after one and up to another."""
    sql = "delete from told where task > ? and task <= ? and not exists (select 1 from task where id = told.task)"
    connection.execute(sql, (after, last))
