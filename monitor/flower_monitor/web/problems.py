"""Errors as answers: one exception, rendered in the style of the API that was asked.

`/api/v1` and the probes answer RFC 9457 problem details. Flower's own routes and the pages answer the
bare message as plain text, as Flower 2.2.0 does, with `nosniff` so that no browser takes an echoed name
for markup (deviation D5).
"""

from http import HTTPStatus

import msgspec
from starlette.responses import Response

V1_PREFIX = "/api/v1"


class Problem(Exception):
    """A request that can't be answered, with what its sender needs to mend it.

    Args:
        status: HTTP status code.
        code: Short stable name of this kind of problem, for programs.
        detail: What is wrong with this request and what to do about it, for people.
        field: The parameter or header at fault, where there is one.
        headers: Further response headers, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.headers = headers or {}


class ProblemBody(msgspec.Struct, omit_defaults=True):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None


def bad_parameter(field: str, detail: str) -> Problem:
    """A query parameter that can't be understood: 400, naming the parameter."""
    return Problem(HTTPStatus.BAD_REQUEST, "bad-parameter", detail, field=field)


def render(problem: Problem, path: str) -> Response:
    """The response for a problem at a path (without the URL prefix)."""
    if path.startswith(V1_PREFIX) or path == "/readyz":
        return _as_document(problem)
    return Response(
        problem.detail,
        problem.status,
        {"X-Content-Type-Options": "nosniff", **problem.headers},
        media_type="text/plain; charset=utf-8",
    )


def _as_document(problem: Problem) -> Response:
    body = ProblemBody(
        type=f"urn:flower-monitor:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        field=problem.field,
    )
    return Response(msgspec.json.encode(body), problem.status, problem.headers, media_type="application/problem+json")
