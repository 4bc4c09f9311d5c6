"""Text search: a scan from the newest task on, in steps, until the page is full or the time is up.

A full-text index beside retention makes ingest three to ten times dearer; a million tasks are scanned in half a
second.
"""

import string
import time
from collections.abc import Callable
from typing import Any

import apsw

from flower_monitor.fold import row as r
from flower_monitor.store import listing
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
    parts = [like(column, text) for column in TEXTS]
    # Looked up once and not with every step.
    named = like("text", text)
    sql = f"select id from name where {named.sql} limit ?"  # noqa: S608 - constants
    names = connection.execute(sql, (*named.values, NAMES)).fetchall()
    if names:
        parts.append(Filter(f"name in ({', '.join(str(key) for (key,) in names)})"))
    parts += uuids(text)
    return Filter(f"({' or '.join(part.sql for part in parts)})", listing.values(parts))


def like(column: str, text: str) -> Filter:
    """The condition that a column contains a text, in any case (of ASCII letters; in its own where it holds a NUL)."""
    if "\0" in text:
        # To LIKE a pattern ends there: it would fit everything.
        return Filter(f"instr({column}, ?)", (text,))
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    # Without an escape LIKE is a tenth faster.
    return Filter(f"{column} like ? escape '\\'" if "\\" in pattern else f"{column} like ?", (pattern,))


def uuids(text: str) -> list[Filter]:
    """The conditions of which one holds where a task's uuid contains a text."""
    spelled = like("uuid", text)
    # Texts sort before blobs: cheaper than to ask for the type.
    found = [Filter(f"(uuid < x'' and {spelled.sql})", spelled.values)]
    packed = _packed_uuid(text.replace("-", ""))
    return [*found, packed] if packed else found


def _packed_uuid(digits: str) -> Filter | None:
    """The condition that a uuid of 16 bytes contains some digits; None for what are none."""
    if not digits or not all(c in string.hexdigits for c in digits):
        return None
    # They start at a byte or within one. To look for its whole bytes costs little, and leaves few to be spelled out.
    starts = [bytes.fromhex(digits[at : at + (len(digits) - at) // 2 * 2]) for at in (0, 1)]
    maybe = "(instr(uuid, ?) or instr(uuid, ?))"
    return Filter(f"(uuid >= x'' and {maybe} and hex(uuid) like ?)", (*starts, f"%{digits}%"))


def scan(
    connection: apsw.Connection, condition: Filter, after: Position | None, limit: int, wanted: Callable[[], bool]
) -> Found:
    """Tasks that match, those first seen last first; where to go on."""
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
