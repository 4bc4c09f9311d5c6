"""What workers have of each queue, as events tell: a row for each worker and queue. It walks no history."""

from typing import Any

import apsw

from flower_monitor.constants import State
from flower_monitor.store.names import Names
from flower_monitor.store.records import WorkloadRow

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
