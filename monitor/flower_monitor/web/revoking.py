"""Revoking tasks: all workers are told, and those that are online by their events are waited for."""

import logging
from collections.abc import Collection, Sequence

from flower_monitor.web.commands import command_all
from flower_monitor.web.context import Context
from flower_monitor.web.known import online
from flower_monitor.web.outcome import Outcome
from flower_monitor.web.problems import Problem

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""Ids in one command. A worker asks its result backend for the state of each before it goes on with anything else."""

BULK_PATIENCE = 5.0
"""Seconds to wait for workers that do."""


async def revoke(context: Context, uuid: str, *, terminate: bool, signal: str) -> Outcome:
    """Revoke a task.

    Raises:
        Problem: 503, the broker can't be reached.
    """
    found = await _send(context, uuid, await online(context), terminate, signal)
    logger.info("revoke %r, terminate=%s, %s: by %s", uuid, terminate, signal, sorted(found.replies) or "nobody")
    return found


async def revoke_all(context: Context, uuids: Sequence[str], *, terminate: bool, signal: str) -> Outcome:
    """Revoke many tasks, some at a time; a worker that is silent is waited for once.

    Raises:
        Problem: 503, the broker can't be reached; it says how many were sent before.
    """
    found = Outcome(False, {}, [])
    waited = await online(context)
    for start in range(0, len(uuids), AT_ONCE):
        try:
            part = await _send(context, list(uuids[start : start + AT_ONCE]), waited, terminate, signal, BULK_PATIENCE)
        except Problem as problem:
            problem.detail = f"{problem.detail} ({start} of {len(uuids)} tasks were sent before)"
            raise
        found = _joined(found, part)
        waited = [name for name in waited if name not in part.silent]
    logger.info("revoke %d tasks, terminate=%s, %s: by %s", len(uuids), terminate, signal, sorted(found.replies))
    return found


def _joined(one: Outcome, other: Outcome) -> Outcome:
    """Two outcomes as one: an error stays."""
    replies = {**one.replies, **{name: said for name, said in other.replies.items() if not _failed(one, name)}}
    silent = sorted({*one.silent, *other.silent})
    return Outcome(not silent and bool(replies) and all("ok" in said for said in replies.values()), replies, silent)


def _failed(found: Outcome, name: str) -> bool:
    return "error" in found.replies.get(name, {})


async def _send(
    context: Context,
    task_id: str | list[str],
    expected: Collection[str],
    terminate: bool,
    signal: str,
    patience: float | None = None,
) -> Outcome:
    """Celery's `revoke`, of one task or several."""
    arguments = {"task_id": task_id, "terminate": terminate, "signal": signal}
    return await command_all(context.control, "revoke", arguments, expected, patience)
