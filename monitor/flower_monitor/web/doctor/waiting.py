"""Messages that wait: is there a worker that takes them. Pure."""

from collections.abc import Sequence

from flower_monitor.queues.rows import QueueRow
from flower_monitor.web.doctor.check import Check, Subject, count
from flower_monitor.web.doctor.workers import named

QUEUES = Subject("queues", "Queues")


def queues(rows: Sequence[QueueRow]) -> Check:
    """Whether somebody consumes each queue in which messages wait: of the others no task ever starts, nor fails."""
    waiting = [row for row in rows if row.ready]
    abandoned = [row for row in waiting if row.consumers == 0]
    if abandoned:
        names = [row.name for row in abandoned]
        return QUEUES.warning(
            f"{_messages(abandoned)} in {named(names)}, which no worker consumes.",
            f"Start a worker with -Q {names[0]}, or have one that runs consume it (Workers, its page, Queues). If its "
            "name is a slip, mend task_routes or the queue= of who sends.",
        )
    unknown = [row.name for row in waiting if row.consumers is None]
    if unknown:
        return QUEUES.skipped(f"{_messages(waiting)}; who consumes {named(unknown)} is not known.")
    where = ", all where a worker takes them" if waiting else ""
    return QUEUES.ok(f"{_messages(waiting)} in {count(len(rows), 'queue')}{where}.")


def _messages(rows: Sequence[QueueRow]) -> str:
    return count(sum(row.ready or 0 for row in rows), "message waits", "messages wait")
