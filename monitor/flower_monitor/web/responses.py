"""JSON answers, encoded by msgspec: the lists are what makes a page slow or fast."""

import hashlib
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
FLOWER_JSON = "application/json; charset=UTF-8"
"""Flower's content type, written exactly as Tornado writes it."""


def json_response(body: Any, *, media_type: str = JSON, status: int = 200) -> Response:
    """An answer that is the JSON of `body` (anything that msgspec encodes)."""
    return Response(msgspec.json.encode(body), status, media_type=media_type)


def flower_json(body: Any) -> bytes:
    """JSON with the blanks of Python's `json`, as Flower writes it: scripts grep for `"state": "SUCCESS"`."""
    return msgspec.json.format(msgspec.json.encode(body), indent=0)


def flower_response(body: Any, *, status: int = 200) -> Response:
    """Flower's JSON answer."""
    return Response(flower_json(body), status, media_type=FLOWER_JSON)


def tagged_response(request: Request, body: Any) -> Response:
    """Flower's JSON answer: with an `Etag`, and 304 for a client that has it already."""
    content = flower_json(body)
    etag = f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
    headers = {"Etag": etag, "Cache-Control": "no-cache"}
    if {etag, "*"} & _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=FLOWER_JSON)


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
