"""Text search: a scan from the newest task on, in steps, until the page is full or the time is up.

A full-text index beside retention makes ingest three to ten times dearer; a million tasks are scanned in half a
second.
"""

import time
from collections.abc import Callable
from typing import Any

import apsw

from flower_monitor.fold import row as r
from flower_monitor.store.listing import Filter, Position
from flower_monitor.store.records import TaskQuery
from flower_monitor.store.walk import BUDGET, Found

#: Ids scanned between looks at the clock: a millisecond or two.
STEP = 2000

#: Seconds after which what was found is told, before the budget is used up: it often stands in the newest tasks.
SOON = 0.03

#: Most names looked for among tasks' names.
NAMES = 10_000

#: The text columns, that is but the name.
TEXTS = ("args", "kwargs", "result", "exception")


def plain(query: TaskQuery) -> bool:
    """Whether a search looks at all tasks, the newest first: then they are read as they lie."""
    filters = (query.state, query.name, query.worker, query.received_start, query.received_end)
    return query.sort == "-received" and not query.offset and not any(filters)


def matches(connection: apsw.Connection, text: str) -> Filter:
    """The condition that a task contains a text, in any case (of ASCII letters)."""
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parts = [f"{column} like ? escape '\\'" for column in TEXTS]
    values: list[Any] = [like] * len(TEXTS)
    # Looked up once and not with every step.
    names = connection.execute("select id from name where text like ? escape '\\' limit ?", (like, NAMES)).fetchall()
    if names:
        parts.append(f"name in ({', '.join(str(key) for (key,) in names)})")
    parts.append("(typeof(uuid) = 'text' and uuid like ? escape '\\')")
    values.append(like)
    digits = text.replace("-", "")
    if digits and all(c in "0123456789abcdefABCDEF" for c in digits):
        parts.append("(typeof(uuid) = 'blob' and hex(uuid) like ?)")
        values.append(f"%{digits}%")
    return Filter(f"({' or '.join(parts)})", tuple(values))


def scan(
    connection: apsw.Connection, text: str, after: Position | None, limit: int, wanted: Callable[[], bool]
) -> Found:
    """Tasks that match, those first seen last first; where to go on."""
    condition = matches(connection, text)
    sql = f"select {', '.join(r.COLUMNS)} from task where id >= ? and id < ? and {condition.sql} order by id desc"  # noqa: S608 - constants
    began = time.monotonic()
    rows: list[Any] = []
    scanned, below = 0, after.task if after else 1 << 62
    while True:
        # The ids of a step are counted off: to count its tasks would read them twice. Where tasks are gone it is short.
        newest = connection.execute("select max(id) from task where id < ?", (below,)).get
        if newest is None:
            return Found(rows, None, scanned)
        low = newest - STEP + 1
        rows += connection.execute(sql, (low, newest + 1, *condition.values))
        scanned += STEP
        below = low
        if len(rows) > limit:
            return Found(rows[:limit], Position(0, 0.0, rows[limit - 1][r.ID]), scanned)
        if time.monotonic() - began > (SOON if rows else BUDGET) or not wanted():
            return Found(rows, Position(0, 0.0, low), scanned)
