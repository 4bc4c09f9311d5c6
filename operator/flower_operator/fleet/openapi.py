"""The OpenAPI document. Answers are msgspec types, so their schemas come from msgspec and not from FastAPI."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from flower_operator.fleet.found import SearchResult
from flower_operator.fleet.problems import MEDIA_TYPE, Problem
from flower_operator.fleet.view import MonitorList, MonitorsDelta

TYPES = (MonitorList, MonitorsDelta, Problem, SearchResult)
"""Answers; what they are made of comes along."""
SECURITY = {
    "basic": {"type": "http", "scheme": "basic", "description": "Secret flower-operator-fleet"},
    "kubernetes": {
        "type": "http",
        "scheme": "bearer",
        "description": "A Kubernetes token whose owner may get flowermonitors.flower-operator.io",
    },
}
OPEN = ("/livez", "/readyz")
REFUSALS = {
    "401": "Nobody is logged in, or with something that is not known",
    "403": "Who asks may not `get` any FlowerMonitor that this is about",
    "503": "The API server can't say just now what who asks may see; try again after `Retry-After`",
}
"""What every route answers that is not open."""


def generator(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What to set as `app.openapi`; made once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    return openapi


def document(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with our types and with who may ask."""
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _, schemas = msgspec.json.schema_components(TYPES, ref_template="#/components/schemas/{name}")
    components = made.setdefault("components", {})
    components.setdefault("schemas", {}).update(schemas)
    components["securitySchemes"] = SECURITY
    made["security"] = [{name: []} for name in SECURITY]
    # FastAPI's own shape of a 422, which `problems.py` replaces.
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for path, operations in made["paths"].items():
        for operation in operations.values():
            _complete(operation, is_open=path in OPEN)
    return made


def _complete(operation: dict[str, Any], *, is_open: bool) -> None:
    """Say of an operation who may ask, and which problems it answers."""
    responses = operation["responses"]
    if is_open:
        operation["security"] = []
    else:
        responses.update({status: _problem(text) for status, text in REFUSALS.items()})
    if "422" in responses:
        responses["422"] = _problem("A parameter is not as described; `field` names it")


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
