"""Exceptions that leave a route, as answers in the style of the path that was asked."""

import logging
from http import HTTPStatus

from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from flower_monitor.web.context import context_of
from flower_monitor.web.permissions import methods_at
from flower_monitor.web.problems import Problem, render

logger = logging.getLogger(__name__)


def handlers() -> dict[type[Exception], ExceptionHandler]:
    """What answers which exception."""
    return {Problem: _on_problem, HTTPException: _on_http, Exception: _on_bug}


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for nothing else
    return render(error, get_route_path(request.scope))


async def _on_http(request: Request, error: Exception) -> Response:
    """No route, or none for the method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    return not_there(request, error.status_code)


def not_there(request: Request, status: int) -> Response:
    """The answer where there is no route (404), or none for the method (405)."""
    path = get_route_path(request.scope)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(methods_at(path))
        detail = f"{request.method} is not possible here, only {allowed}"
        return render(Problem(status, "method-not-allowed", detail, headers={"Allow": allowed}), path)
    if _wants_page(request, path):
        return context_of(request).pages.entry_response(request, status)
    return render(Problem(status, "not-found", f"There is nothing at {path}"), path)


def _wants_page(request: Request, path: str) -> bool:
    """Whether a person mistyped an address: the dashboard says so on a page of its own, as Flower does."""
    wants = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return wants and not path.startswith(("/api/", "/assets/"))


async def _on_bug(request: Request, error: Exception) -> Response:
    """A defect of ours: the traceback is for the log (the server writes it), not for the client."""
    detail = "The monitor could not answer: this is a defect of the monitor, and its log says more"
    return render(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail), get_route_path(request.scope))
