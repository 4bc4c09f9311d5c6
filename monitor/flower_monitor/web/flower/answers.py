"""What Flower's routes say of their answers in the OpenAPI document."""

from typing import Any

import msgspec

from flower_monitor.web.routing import Answers

_ERRORS = {
    400: "A parameter is wrong; the text says which",
    401: "Login required",
    403: "It may not be done, or the worker refused: the text says why",
    404: "There is no such thing; what has a line break in its name can't be named in a path",
    429: "Too many failed logins",
    413: "The body is too long",
    503: "The store, the broker or the result backend cannot be reached",
}


def flower_answers(model: type[msgspec.Struct] | dict[str, Any], *errors: int, tagged: bool = True) -> Answers:
    """The `answers=` of a route.

    Args:
        model: Body of a 200: a struct, or a schema of its own.
        errors: Statuses that it may answer beside 401, 429 and 503.
        tagged: Whether it has an `Etag`.
    """
    schema = model if isinstance(model, dict) else {"$ref": f"#/components/schemas/{model.__name__}"}
    found: dict[int, dict[str, Any]] = {
        200: {"description": "OK", "content": {"application/json": {"schema": schema}}},
    }
    if tagged:
        found[304] = {"description": "As the `If-None-Match` of the request has it"}
    for status in sorted({*errors, 401, 429, 503}):
        found[status] = {"description": _ERRORS[status], "content": {"text/plain": {"schema": {"type": "string"}}}}
    return found
