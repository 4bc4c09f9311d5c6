"""Writing what metrics are made of, beside the counts of events: within the writer's transactions."""

from collections.abc import Mapping
from typing import Literal

import apsw

from flower_monitor.fold.measures import SLOWEST_KEPT, Measures, Place

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


def _add(
    connection: apsw.Connection, table: Literal["runtime", "queue_wait"], sums: Mapping[Place, list[float]]
) -> None:
    connection.executemany(
        f"insert into {table} values (?, ?, ?, ?, ?, ?) "  # noqa: S608 - the table is one of two
        "on conflict do update set n = n + excluded.n, total = total + excluded.total",
        [(*place, n, total) for place, (n, total) in sums.items()],
    )
