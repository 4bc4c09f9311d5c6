"""The OpenAPI document. Answers are msgspec types, so their schemas come from msgspec and not from FastAPI."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from flower_operator.fleet.found import SearchResult
from flower_operator.fleet.problems import Problem
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
    for path in OPEN:
        made["paths"][path]["get"]["security"] = []
    return made
