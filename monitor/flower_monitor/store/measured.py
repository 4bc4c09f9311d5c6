"""Writing what metrics are made of, beside the counts of events: within the writer's transactions."""

from collections.abc import Collection, Mapping
from typing import Literal

import apsw

from flower_monitor.constants import FORGOTTEN
from flower_monitor.fold.measures import SLOWEST_KEPT, Measures, Place

#: Tables that are summed up over all workers, and their columns; failures and slow tasks are told by worker only.
_SUMMED = {
    "event_count": ("type", "name", "queue", "n"),
    "runtime": ("name", "queue", "bucket", "n", "total"),
    "queue_wait": ("name", "queue", "bucket", "n", "total"),
}
_SUMS = ("n", "total")

_FAILURE = (
    "insert into failure values (?, ?, ?, ?, ?, ?, ?) "
    "on conflict do update set n = n + excluded.n, uuid = excluded.uuid, at = excluded.at"
)

_SLOWEST = f"""
insert into slowest values (?, ?, ?, ?, ?, ?)
on conflict do update set uuid = excluded.uuid, ran = excluded.ran, at = excluded.at
where excluded.ran >= ran or excluded.at > at + {SLOWEST_KEPT}"""  # noqa: S608 - a constant


def save(connection: apsw.Connection, measures: Measures) -> None:
    """Add what a batch measured."""
    _add(connection, "runtime", measures.runtimes)
    _add(connection, "queue_wait", measures.waits)
    failures = [(*failure, n, uuid, at) for failure, (n, uuid, at) in measures.failures.items()]
    connection.executemany(_FAILURE, failures)
    slowest = [(*kind, uuid, ran, at) for kind, (ran, uuid, at) in measures.slowest.items()]
    connection.executemany(_SLOWEST, slowest)


def forget(connection: apsw.Connection, senders: Collection[int]) -> None:
    """Workers were forgotten: what they counted goes on in sums over all, but no longer as series of theirs.

    Names of pods have no end. A series that ends takes nothing from `increase()`: the worker was silent for a day.
    """
    for sender in senders:
        for table, columns in _SUMMED.items():
            sums = ", ".join(f"{column} = {column} + excluded.{column}" for column in columns if column in _SUMS)
            values = ", ".join(columns)
            connection.execute(
                f"insert into {table}(sender, {values}) select ?, {values} from {table} where sender = ? "  # noqa: S608 - constants
                f"on conflict do update set {sums}",
                (FORGOTTEN, sender),
            )
        for table in (*_SUMMED, "failure", "slowest"):
            connection.execute(f"delete from {table} where sender = ?", (sender,))  # noqa: S608 - constants


def _add(
    connection: apsw.Connection, table: Literal["runtime", "queue_wait"], sums: Mapping[Place, list[float]]
) -> None:
    connection.executemany(
        f"insert into {table} values (?, ?, ?, ?, ?, ?) "  # noqa: S608 - the table is one of two
        "on conflict do update set n = n + excluded.n, total = total + excluded.total",
        [(*place, n, total) for place, (n, total) in sums.items()],
    )
