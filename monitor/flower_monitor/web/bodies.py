"""What a request carries besides its address: a form, or JSON. Read here, so that every route refuses the same way."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from flower_monitor.web.problems import Problem

LONGEST = 1 << 20
"""Bytes of a body: a task's arguments are far shorter, and what is read is in memory."""

WITHIN = 30.0
"""Seconds in which a body has to have come."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def fields(request: Request) -> dict[str, Any]:
    """The fields of a form or of a JSON object; empty where there is neither.

    Flower reads forms only, and takes a JSON body for none (deviation D1): `-d '{"n": 4}'` then grows a pool by 1.
    What stands in JSON arrives as the text that a form would have carried; null is left out; a list stays one.

    Raises:
        Problem: 400 for what can't be read, 408 for what does not come, 413 for what is too long.
    """
    data = await _read(request)
    if not data.strip():
        return {}
    if request.headers.get("content-type", "").lower().startswith(_FORMS) and not data.lstrip().startswith(b"{"):
        return await _form(request)
    found = json_object(data, 'a JSON object, such as {"n": 4}, or a form')
    return {name: _as_text(value) for name, value in found.items() if value is not None}


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object that a body is, whatever its type says; empty where there is no body.

    Raises:
        Problem: 400 for what is none, 408 for what does not come, 413 for what is too long.
    """
    data = await _read(request)
    return json_object(data, "a JSON object") if data.strip() else {}


def json_object(data: bytes, wanted: str) -> dict[str, Any]:
    """A JSON object; `wanted` says in words what would have done.

    Raises:
        Problem: 400, it is none.
    """
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        detail = f"The body must be {wanted}: {error}"
        raise Problem(HTTPStatus.BAD_REQUEST, "bad-body", detail, field="body") from error


def _as_text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool | int | float) else value


async def _read(request: Request) -> bytes:
    """The body, which Starlette keeps for the form's parser."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > LONGEST:
        raise _too_long()
    try:
        async with asyncio.timeout(WITHIN):
            request._body = await _whole(request)  # as Request.body() does, which knows no bound
    except TimeoutError as error:
        detail = f"The body did not come within {WITHIN:.0f} s: nothing was done"
        headers = {"Connection": "close"}
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "too-slow", detail, field="body", headers=headers) from error
    except ClientDisconnect as error:
        # Nobody reads the answer; the audit does.
        detail = "The connection was closed before the whole body had come: nothing was done"
        raise Problem(HTTPStatus.BAD_REQUEST, "bad-body", detail, field="body") from error
    return request._body


async def _whole(request: Request) -> bytes:
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise _too_long()
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
