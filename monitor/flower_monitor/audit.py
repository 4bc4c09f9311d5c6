"""Who did what: the record of each request that would change something."""

import msgspec


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, tag="audit"):
    """One such request, done or refused."""

    at: float
    """When it was answered, epoch seconds."""

    user: str
    """Who asked: the name of a user or of a token."""

    role: str
    address: str
    """Where the request came from."""

    method: str
    path: str
    """What was asked for, with the task, worker or queue in it; without the URL prefix."""

    detail: str = ""
    """What else was asked, as far as it is no secret: parameters of control commands, never a task's arguments."""

    status: int
    """HTTP status of the answer: below 400 it was done."""

    outcome: str = ""
    """What came of it in the answer's words, where there are some."""
