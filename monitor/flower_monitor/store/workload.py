"""What workers have of each queue, and what they had, as events tell. Neither walks the tasks that are kept."""

from typing import Any

import apsw

from flower_monitor.constants import State
from flower_monitor.store.names import Names
from flower_monitor.store.records import EndedRow, WorkloadRow

#: A verdict holds while no event came after it: one that says that the task is nowhere, or elsewhere, takes it away.
#: SQLite's `unixepoch` is null for a text that is no time: such a task counts as due.
_HELD = """
select worker, queue,
  sum(state = :started),
  sum(state = :received and (eta is null or ifnull(unixepoch(eta) <= :now, 1))),
  sum(state = :received and eta is not null and ifnull(unixepoch(eta) > :now, 0))
from task indexed by task_state
where state in (:started, :received) and worker is not null
  and not exists (select 1 from verdict where verdict.task = task.id and verdict.ts = task.ts
    and verdict in ('finished', 'redelivered', 'lost'))
group by worker, queue"""


def held(connection: apsw.Connection, names: Names, now: float) -> list[WorkloadRow]:
    """What workers run, have and keep for later, by worker and queue."""
    values = {"started": State.STARTED.value, "received": State.RECEIVED.value, "now": now}
    rows: Any = connection.execute(_HELD, values).fetchall()
    return [WorkloadRow(names.text(worker) or "", names.text(queue or 0), *counts) for worker, queue, *counts in rows]


_ENDED = """
select start, step, sum(n), sum(iif(state = :success, n, 0)), sum(iif(state = :success, runtime_sum, 0.0))
from rollup
where step in (60, 3600, 86400) and start > :start - step and start < :end and state in (:success, :failure)
  and (:queue is null or queue = (select id from name where text = :queue))
group by start, step order by start, step"""


def ended(connection: apsw.Connection, queue: str | None, start: float, end: float) -> list[EndedRow]:
    """What ended in a range, of one queue or of all: by minute, and what is older by hour and by day."""
    values = {
        "success": State.SUCCESS.value,
        "failure": State.FAILURE.value,
        "queue": queue,
        "start": start,
        "end": end,
    }
    rows: Any = connection.execute(_ENDED, values).fetchall()
    return [EndedRow(*row) for row in rows]
