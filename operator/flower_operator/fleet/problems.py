"""Errors of the API as problem details (RFC 9457), and as a page where a person opened a monitor."""

import logging
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from flower_operator.exceptions import KubeError
from flower_operator.fleet import errorpage

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong and what to do about it."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    field: str | None = None
    """The parameter that is wrong."""


def problem(status: int, detail: str, *, field: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """The answer for an error."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, field=field)
    content = msgspec.json.encode({"type": body.type, **msgspec.to_builtins(body)})
    return Response(content, status, headers=headers, media_type=MEDIA_TYPE)


def answer(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    """The answer for an error, in the form that whoever asks can read."""
    if errorpage.is_wanted(request):
        return errorpage.page(request, status, detail, headers)
    return problem(status, detail, headers=headers)


async def http_exception(request: Request, error: Exception) -> Response:
    """Answer an HTTPException, also one of the router: no such address, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return answer(request, error.status_code, str(error.detail), dict(error.headers or {}))


async def _bad_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    first = error.errors()[0]
    return problem(422, str(first["msg"]), field=str(first["loc"][-1]))


async def _not_asked(request: Request, error: Exception) -> Response:
    log.warning("%s was refused, because the API server could not be asked who may: %s", request.url.path, error)
    detail = "The Kubernetes API server could not say just now what you may see; try again."
    return answer(request, 503, detail, {"Retry-After": "2"})


async def _unexpected(request: Request, _error: Exception) -> Response:
    return answer(request, 500, "The fleet met an error of its own; its log has the traceback.", {})


def install(app: FastAPI) -> None:
    """Answer every error of an app so."""
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(KubeError, _not_asked)
    app.add_exception_handler(Exception, _unexpected)
