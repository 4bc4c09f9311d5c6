"""Which workers there are: those that events tell of, and those that answered when they were asked."""

from http import HTTPStatus

from flower_monitor.store.reader import Reader
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.context import Context
from flower_monitor.web.problems import Problem


async def known_worker(context: Context, name: str) -> WorkerRow | None:
    """What events say of a worker; None for one that is known only by its answers.

    Flower knows only those that answered an inspect command, however long ago (deviation D12).

    Raises:
        Problem: 404, neither events nor answers know it.
    """
    rows = await context.store.read(Reader.workers)
    row = next((row for row in rows if row.hostname == name), None)
    if row is not None or name in context.inspection.known():
        return row
    await context.inspection.complete(_online(rows))
    if name not in context.inspection.known():
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-worker", f"Unknown worker '{name}'", field="name")
    return None


async def online(context: Context) -> list[str]:
    """Host names of the workers that are online, by their events."""
    return _online(await context.store.read(Reader.workers))


def _online(rows: list[WorkerRow]) -> list[str]:
    return [row.hostname for row in rows if row.state == "online"]
