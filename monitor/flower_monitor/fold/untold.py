"""Events of tasks whose queue no event has told yet.

A client publishes a task first and its task-sent event after it, so what a quick worker did may come before. Counted at
once it would be counted without a queue for ever: a counter that was shown can't be taken back. So it waits for the end
of the batch, a quarter of a second at most, and is then counted with what has become known. Pure.
"""

from typing import NamedTuple

from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event

#: Most events that wait: with the rows that they saw some 2 MB. What comes after them is counted at once.
MOST = 5_000

#: Events that waited in vain after which none waits any more, until a task-sent event comes: no client sends them.
VAIN = 10_000

#: What a later event tells of a task; and of an attempt.
_OF_TASK = (r.NAME, r.QUEUE)
_OF_ATTEMPT = (r.SENT, r.ETA)


class Untold(NamedTuple):
    """An event that is folded and not counted."""

    row: r.Row
    """Its task's, as it goes on."""

    then: r.Row
    """A copy of it from after the event."""

    event: Event
    code: int
    sender: int
    state: int
    """The one that its type leads to."""

    now: float
    """When it came, by our clock."""

    def completed(self) -> r.Row:
        """The task as it was after the event, but with what was told of it since."""
        found, row = self.then.copy(), self.row
        # After a retry the word may be of the next attempt: each is sent for itself.
        same = row[r.RETRIED] == found[r.RETRIED]
        for place in (*_OF_TASK, *_OF_ATTEMPT) if same else _OF_TASK:
            if found[place] is None:
                found[place] = row[place]
        return found
