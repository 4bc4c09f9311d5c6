"""What a worker's pool is, and whether it can be another size. Pure."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flower_monitor.web.problems import Problem

AUTOSCALES = "pool_grow and pool_shrink are not supported with autoscale. Adjust autoscale range instead."
"""What Celery's workers say to both (`celery.worker.control`)."""

_UNABLE = ("AttributeError", "NotImplementedError")
"""What a worker's reply names whose pool can't: `solo` and `threads` have neither grow nor shrink."""


@dataclass(frozen=True)
class Pool:
    """The pool of a worker, as its `stats` have it."""

    kind: str | None
    """Module and class, such as `celery.concurrency.prefork:TaskPool`."""

    size: int
    """Processes, threads or greenlets."""

    autoscales: bool


def pool_of(stats: dict[str, Any]) -> Pool:
    """The pool in a worker's `stats`.

    Prefork's `max-concurrency` is what it was started with, whatever was added since; its processes are what counts.
    """
    pool = stats.get("pool") or {}
    processes = pool.get("processes")
    size = len(processes) if isinstance(processes, list) else int(pool.get("max-concurrency") or 0)
    return Pool(pool.get("implementation"), size, bool(stats.get("autoscaler")))


def check(name: str, pool: Pool, expect: int | None) -> None:
    """Go on only where the size may be set.

    Raises:
        Problem: 409, it is another one than expected, or the worker sets it by itself.
    """
    if expect is not None and pool.size != expect:
        detail = f"The pool of {name} has {pool.size}, not {expect}: look again, and decide again"
        raise Problem(HTTPStatus.CONFLICT, "pool-changed", detail, field="expect")
    if pool.autoscales:
        detail = f"{name} sizes its pool by itself: {AUTOSCALES} (POST /api/worker/pool/autoscale/{name})"
        raise Problem(HTTPStatus.CONFLICT, "autoscales", detail, field="concurrency")


def refused(name: str, before: Pool, now: Pool, reason: str) -> Problem:
    """The answer when a worker has not done it."""
    detail = f"{name} refused: {reason}. Its pool ({now.kind}) has {now.size}, before {before.size}"
    if any(word in reason for word in _UNABLE):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "pool-unable", detail, field="concurrency")
    return Problem(HTTPStatus.CONFLICT, "refused-by-worker", detail, field="concurrency")
