"""Notes who did what: a line in the log at once, and an entry in the store a moment later."""

import logging
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.types import Scope

from flower_monitor.audit import AuditEntry
from flower_monitor.letterbox import Post
from flower_monitor.web.credentials import Principal

logger = logging.getLogger(__name__)

DETAIL, OUTCOME = "flower_monitor.detail", "flower_monitor.outcome"
"""Keys of the request's `state`: what a route adds to the entry."""

LONGEST = 2000
"""Characters of each text of an entry."""


class Audit:
    """Writes down requests that would change something.

    Args:
        post: The way to ingest, which stores them.
        clock: Epoch seconds.
    """

    def __init__(self, post: Post, clock: Callable[[], float] = time.time) -> None:
        self._post = post
        self._clock = clock

    def record(self, who: Principal, scope: Scope, path: str, status: int) -> None:
        """Write down a request that was answered, whether it was done or refused."""
        state: dict[str, Any] = scope.get("state", {})
        entry = AuditEntry(
            at=self._clock(),
            user=who.name[:LONGEST],
            role=who.role.name.lower(),
            address=address_of(scope),
            method=scope["method"],
            path=path[:LONGEST],
            detail=str(state.get(DETAIL, ""))[:LONGEST],
            status=status,
            outcome=str(state.get(OUTCOME, ""))[:LONGEST],
        )
        self.write(entry)

    def write(self, entry: AuditEntry) -> None:
        """Write down what was done, whoever did it."""
        logger.info(
            "%s (%s) from %s: %s %r %r -> %d %r",
            *(entry.user, entry.role, entry.address, entry.method, entry.path, entry.detail, entry.status),
            entry.outcome,
        )
        if self._post.open and not self._post.send([entry]):
            logger.warning("the audit entry above is in this log only: ingest does not take any more")


def note(request: Request, detail: str) -> None:
    """Add to the entry of a request what else was asked. No secrets, and nothing of a task's arguments."""
    setattr(request.state, DETAIL, detail)


def tell(request: Request, outcome: str) -> None:
    """Add to the entry of a request what came of it."""
    setattr(request.state, OUTCOME, outcome)


def address_of(scope: Scope) -> str:
    """Where a request came from; `-` on a Unix socket."""
    client = scope.get("client")
    return client[0] if client else "-"
