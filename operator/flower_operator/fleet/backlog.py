"""What a monitor's summary tells of the tasks that wait. Pure.

A summary counts tasks by Celery's state, and knows no queue: PENDING is a task that a client said it sent
(`task_send_sent_event`, which is off unless somebody sets it), RECEIVED one that a worker has and has not begun.
"""

import msgspec

from flower_operator.fleet.roster import Entry

UNHEARD = "It has not answered yet."
SUSPENDED = "It is suspended."
NONE_SENT = (
    "No task is known that was sent and is at no worker: either none waits in a queue, or clients do not tell"
    " (task_send_sent_event)."
)


class BacklogView(msgspec.Struct):
    """Tasks that wait to be started, by their events."""

    tasks: int | None
    """`sent` and `received` together; null: not known. At least so many where `unknown` says something."""
    sent: int | None
    """Sent, and at no worker yet (PENDING); null: not known."""
    received: int | None
    """At a worker, which has not begun (RECEIVED): prefetched, or waiting for its time; null: not known."""
    unknown: str | None
    """What of it is not known, and why; null: everything is."""


def backlog_of(entry: Entry) -> BacklogView:
    """The backlog of one monitor, as old as its summary is."""
    if entry.monitor.suspended:
        return BacklogView(None, None, None, SUSPENDED)
    if entry.observation.summary is None:
        return BacklogView(None, None, None, UNHEARD)
    states = entry.observation.summary.tasks.states
    sent, received = states.get("PENDING", 0), states.get("RECEIVED", 0)
    if sent == 0:
        return BacklogView(received, None, received, NONE_SENT)
    return BacklogView(sent + received, sent, received, None)
