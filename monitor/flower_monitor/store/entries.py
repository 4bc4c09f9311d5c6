"""Counting tasks by the entries of their indexes, up to a bound."""

from collections.abc import Sequence

import apsw

from flower_monitor.store.listing import Filter, Range, any_of, joined, values
from flower_monitor.store.plan import Picks

#: Entries that cost as much time as one task that must be read, where two filters meet.
TASK = 40


class TooManyError(Exception):
    """More entries would have to be looked at than there may be."""


class Entries:
    """Counts tasks by indexes.

    Args:
        connection: Within a transaction.
        most: Entries that are looked at, for all questions together: twenty thousand of them take a millisecond.
    """

    def __init__(self, connection: apsw.Connection, most: int) -> None:
        self._connection = connection
        self._left = most
        self._known: dict[Range, int] = {}

    def count(self, picks: Picks) -> int:
        """How many tasks fit.

        Raises:
            TooManyError: It would take more entries than are left.
        """
        if not picks.columns:
            return self._walk([Range("task_at", picks.span, "at")])
        counted = {column: self._walk(picks.ranges(column)) for column in picks.columns}
        best = min(counted, key=lambda column: counted[column])
        if len(counted) == 1 or counted[best] == 0:
            return counted[best]
        self._spend(counted[best] * TASK)
        others = [any_of(column, ids) for column, ids in picks.columns.items() if column != best]
        return sum(self._look(stretch, others) for stretch in picks.ranges(best))

    def _walk(self, ranges: Sequence[Range]) -> int:
        for stretch in ranges:
            if stretch not in self._known:
                n: int = self._connection.execute(*stretch.number(self._left + 1)).get
                self._spend(n)
                self._known[stretch] = n
        return sum(self._known[stretch] for stretch in ranges)

    def _look(self, stretch: Range, filters: Sequence[Filter]) -> int:
        where = (*stretch.where, *filters)
        sql = f"select count(*) from task indexed by {stretch.through} where {joined(where)}"  # noqa: S608 - constants
        n: int = self._connection.execute(sql, values(where)).get
        return n

    def _spend(self, entries: int) -> None:
        self._left -= entries
        if self._left < 0:
            raise TooManyError
