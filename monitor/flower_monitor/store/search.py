"""Text search: a scan in the list's own order, in steps, until the page is full or the time is up."""

import time
from collections.abc import Sequence
from typing import Any

import apsw

from flower_monitor.store.listing import Filter, Position, Sort, select

#: Seconds a call may scan: a page that finds little comes back short, with a cursor to go on.
BUDGET = 0.2

#: Rows scanned between looks at the clock: about 1 ms where texts are short.
STEP = 2000


def matches(text: str) -> Filter:
    """The condition that a task contains a text, in any case (of ASCII letters)."""
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    columns = ("args", "kwargs", "result", "exception")
    parts = [f"{column} like ? escape '\\'" for column in columns]
    values: list[Any] = [like] * len(columns)
    parts.append("name in (select id from name where text like ? escape '\\')")
    values.append(like)
    parts.append("(typeof(uuid) = 'text' and uuid like ? escape '\\')")
    values.append(like)
    digits = text.replace("-", "")
    if digits and all(c in "0123456789abcdefABCDEF" for c in digits):
        parts.append("(typeof(uuid) = 'blob' and hex(uuid) like ?)")
        values.append(f"%{digits}%")
    return Filter(f"({' or '.join(parts)})", tuple(values))


def scan(
    connection: apsw.Connection,
    index: str,
    filters: Sequence[Filter],
    sort: Sort,
    text: str,
    after: Position | None,
    limit: int,
) -> tuple[list[Any], Position | None]:
    """Rows that match, and where to go on; None once everything was scanned."""
    found: list[Any] = []
    deadline = time.monotonic() + BUDGET
    while True:
        within = [*filters, sort.after(after)] if after else list(filters)
        step = select(index, within, sort, STEP)
        end = _end(connection, step)
        hits = _hits(connection, step, matches(text))
        found += hits
        if len(found) >= limit:
            last = found[limit - 1]
            more = len(found) > limit or end is not None
            return found[:limit], (last[-1], last[0]) if more else None
        if end is None or time.monotonic() > deadline:
            return found, end
        after = end


def _end(connection: apsw.Connection, step: Filter) -> Position | None:
    """The last row of a step; None when the step is the last."""
    *values, limit, _ = step.values
    row = connection.execute(_outer(step, "id, sort"), (*values, 1, limit - 1)).fetchone()
    return (row[1], row[0]) if row else None


def _hits(connection: apsw.Connection, step: Filter, condition: Filter) -> list[Any]:
    sql = f"{_outer(step, '*')} where {condition.sql}"
    return connection.execute(sql, step.values + condition.values).fetchall()


def _outer(step: Filter, columns: str) -> str:
    """The step as a subquery whose last column is called `sort`."""
    inner = step.sql.replace(" from task", " as sort from task", 1)
    return f"select {columns} from ({inner})"  # noqa: S608 - parts are from these modules
