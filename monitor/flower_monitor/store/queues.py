"""Which queues events named, and when tasks were sent. Bounded: neither walks all tasks."""

from collections.abc import Iterable
from typing import Any

import apsw

from flower_monitor.constants import State
from flower_monitor.store.names import Names
from flower_monitor.store.rollups import DAY, MINUTE

#: Rows looked at in each place.
MOST_ROWS = 5000

#: Those of the newest tasks; of the newest and the oldest that nobody has taken; and of what ended in the last day.
_SEEN = """
select distinct queue from (
  select * from (select queue from task order by id desc limit :most)
  union all select * from (
    select queue from task indexed by task_state where state = :pending order by at desc limit :most)
  union all select * from (select queue from task indexed by task_state where state = :pending order by at limit :most)
  union all select * from (
    select queue from rollup where step = :step and start > :since order by start desc limit :most * 4)
) where queue > 0
"""


def seen(connection: apsw.Connection, names: Names, now: float) -> list[str]:
    """Queues that task-sent events named lately, sorted: of what ended within a day, waits, or came last."""
    values = {"most": MOST_ROWS, "pending": State.PENDING.value, "step": MINUTE, "since": int(now) - DAY}
    rows: Iterable[Any] = connection.execute(_SEEN, values)
    return sorted(filter(None, (names.text(queue) for (queue,) in rows)))
