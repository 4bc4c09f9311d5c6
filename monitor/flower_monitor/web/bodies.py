"""What a request carries besides its address: a form, or JSON. Read here, so that every route refuses the same way."""

import json
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from flower_monitor.web.problems import Problem

LONGEST = 1 << 20
"""Bytes of a body: a task's arguments are far shorter, and what is read is in memory."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def fields(request: Request) -> dict[str, Any]:
    """The fields of a form or of a JSON object; empty where there is neither.

    Flower reads forms only, and takes a JSON body for none (deviation D1): `-d '{"n": 4}'` then grows a pool by 1.
    What stands in JSON arrives as the text that a form would have carried; null is left out; a list stays one.

    Raises:
        Problem: 400 for what can't be read, 413 for what is too long.
    """
    data = await _read(request)
    if not data.strip():
        return {}
    if request.headers.get("content-type", "").lower().startswith(_FORMS) and not data.lstrip().startswith(b"{"):
        return await _form(request)
    return {name: _as_text(value) for name, value in json_object(data).items() if value is not None}


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object that a body is, whatever its type says; empty where there is no body.

    Raises:
        Problem: 400 for what is none, 413 for what is too long.
    """
    data = await _read(request)
    return json_object(data) if data.strip() else {}


def json_object(data: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        Problem: 400, it is none.
    """
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        detail = f'The body must be a JSON object, such as {{"n": 4}}, or a form: {error}'
        raise Problem(HTTPStatus.BAD_REQUEST, "bad-body", detail, field="body") from error


def _as_text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool | int | float) else value


async def _read(request: Request) -> bytes:
    """The body, which Starlette keeps for the form's parser."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > LONGEST:
        raise _too_long()
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise _too_long()
    request._body = data  # as Request.body() does, which knows no bound
    return data


async def _form(request: Request) -> dict[str, Any]:
    try:
        async with request.form(max_files=0) as form:
            return dict(form)
    except MultiPartException as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "bad-body", f"The form can't be read: {error}", field="body") from error


def _too_long() -> Problem:
    detail = f"The body is longer than {LONGEST >> 20} MiB"
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", detail, field="body")
