"""What Schemathesis is told of our API beside its document. Its own program loads this, never a test."""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core import NotSet

APPLY = "/api/task/apply/{name}"

PUBLIC = ("/livez", "/readyz", "/healthcheck", "/metrics")

LONGEST_WAIT = 0.2
"""Seconds that `apply` may wait for a result: nobody runs most of what is sent, and its default is ten minutes."""


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Have no call wait for a task that nobody runs."""
    if case.operation.path != APPLY or case.method != "POST":
        return
    if isinstance(case.body, NotSet):
        case.body, case.media_type = {"timeout": LONGEST_WAIT}, "application/json"
    elif isinstance(case.body, dict) and _waits(case.body.get("timeout")):
        case.body["timeout"] = LONGEST_WAIT


def _waits(timeout: Any) -> bool:
    return timeout is None or (isinstance(timeout, int | float) and timeout > LONGEST_WAIT)


@schemathesis.check
def answered(context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Not even a broker or a worker was too slow: on a machine with time to spare none is."""
    assert response.status_code < 500, f"not answered: {response.status_code}"


@schemathesis.check
def closed(context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Who has not logged in gets what is public, and which methods there are, and nothing else.

    Some requests carry a made-up login: after fifty of these the answer is 429.
    """
    public = case.operation.path in PUBLIC and case.method in ("GET", "HEAD")
    if not public and case.method != "OPTIONS":
        assert response.status_code in (401, 429), f"answered without a login: {response.status_code}"
