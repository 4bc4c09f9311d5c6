"""The OpenAPI document, and what routes say in it of their answers.

Bodies are msgspec structs, which FastAPI does not know, so their schemas are made here.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from flower_monitor.constants import VERSION
from flower_monitor.store.records import TaskDetail
from flower_monitor.web import shapes
from flower_monitor.web.descriptions import FIELDS
from flower_monitor.web.flower.task_object import FlowerTask, ListedTask, TaskTypes
from flower_monitor.web.problems import ProblemBody

REFERENCE = "#/components/schemas/{name}"

MODELS: tuple[type[msgspec.Struct], ...] = (
    ProblemBody,
    TaskDetail,
    FlowerTask,
    ListedTask,
    TaskTypes,
    shapes.NameList,
    shapes.Readiness,
    shapes.SummaryBody,
    shapes.TaskChanges,
    shapes.TaskList,
    shapes.WorkerList,
)

Answers = dict[int | str, dict[str, Any]]


def answers(
    model: type[msgspec.Struct] | None, *, bad_request: bool = False, not_found: bool = False, store: bool = True
) -> Answers:
    """What a route of `/api/v1` may answer, for `responses=`.

    Args:
        model: Body of a 200, or None where the route describes its own.
        bad_request: Whether it takes parameters that can be wrong.
        not_found: Whether what it is asked for may not exist.
        store: Whether it needs the store.
    """
    found: Answers = {401: _problem("Login required")}
    if model is not None:
        found[200] = {"description": "OK", "content": {"application/json": {"schema": _reference(model)}}}
    if bad_request:
        found[400] = _problem("A parameter is wrong: `field` names it, `detail` says what it takes")
    if not_found:
        found[404] = _problem("There is no such thing")
    if store:
        found[503] = _problem("The store cannot be read yet; `Retry-After` says when to ask again")
    return found


def document(routes: Sequence[BaseRoute], prefix: str) -> dict[str, Any]:
    """The whole document, for a monitor under a URL prefix."""
    spec = get_openapi(
        title="Flower monitor",
        version=VERSION,
        summary="Tasks, workers and events of one Celery broker.",
        routes=routes,
        servers=[{"url": prefix or "/"}],
    )
    for operations in spec["paths"].values():
        for operation in operations.values():
            # FastAPI promises 422 for bad parameters; here that is the 400 of `answers`.
            operation["responses"].pop("422", None)
    spec["components"] = {
        "schemas": _schemas(),
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
        },
    }
    spec["security"] = [{"basic": []}, {"bearer": []}]
    return spec


def _schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(MODELS, ref_template=REFERENCE)
    for model, described in FIELDS.items():
        for field, text in described.items():
            schemas[model]["properties"][field]["description"] = text
    return schemas


def _reference(model: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=model.__name__)}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": _reference(ProblemBody)}}}
