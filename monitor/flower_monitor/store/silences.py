"""Silences of kinds of failure, in the store. A handful of rows, touched only when somebody makes or lifts one."""

from collections.abc import Iterable, Iterator
from typing import Any

import apsw
import msgspec

from flower_monitor.silence import Change, Lifted, Silence

_FIELDS = Silence.__struct_fields__
_SAVE = f"insert or replace into silence({', '.join(_FIELDS)}) values ({', '.join('?' * len(_FIELDS))})"  # noqa: S608 - our fields
_IN_FORCE = f"select {', '.join(_FIELDS)} from silence where until > ? order by until"  # noqa: S608 - our fields


def save(connection: apsw.Connection, changes: Iterable[Change]) -> None:
    """Do what people asked for, in their order; what is over by then goes. Within the writer's transaction."""
    for change in changes:
        if isinstance(change, Lifted):
            connection.execute("delete from silence where id = ? or until <= ?", (change.id, change.at))
        else:
            connection.execute("delete from silence where until <= ?", (change.silence.at,))
            connection.execute(_SAVE, msgspec.structs.astuple(change.silence))


def in_force(connection: apsw.Connection, now: float) -> list[Silence]:
    """Those that are not over, that which ends first first."""
    rows: Iterator[Any] = connection.execute(_IN_FORCE, (now,))
    return [Silence(**dict(zip(_FIELDS, row, strict=True))) for row in rows]
