"""The OpenAPI document, and what routes say in it of their answers.

Bodies and parameters are msgspec structs; routes say which (`web.routing`).
"""

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from flower_monitor.autoscale.measure import QueueLoad, TargetValue
from flower_monitor.constants import VERSION
from flower_monitor.store.failures import Failures, GroupTasks
from flower_monitor.store.histogram import Histogram
from flower_monitor.store.history import History
from flower_monitor.store.latencies import Latencies
from flower_monitor.store.queue_history import QueueHistory, QueueLines
from flower_monitor.store.records import TaskDetail
from flower_monitor.store.summary_history import SummaryHistory
from flower_monitor.store.workflows import Workflow
from flower_monitor.web import autoscale_shapes, queue_shapes, shapes
from flower_monitor.web.descriptions import FIELDS
from flower_monitor.web.doctor.check import Report
from flower_monitor.web.flower.commanding import Told
from flower_monitor.web.flower.task_object import FlowerTask, ListedTask, TaskTypes
from flower_monitor.web.permissions import Permission, permission_for
from flower_monitor.web.problems import V1_PREFIX, ProblemBody
from flower_monitor.web.routing import Answers, Body, Route, Routes
from flower_monitor.web.schedule import ScheduleBody
from flower_monitor.web.settings_shapes import SettingsBody

REFERENCE = "#/components/schemas/{name}"

MODELS: tuple[type[msgspec.Struct], ...] = (
    ProblemBody,
    TaskDetail,
    FlowerTask,
    ListedTask,
    TaskTypes,
    shapes.AuditList,
    autoscale_shapes.DrainBody,
    autoscale_shapes.PolicyBody,
    autoscale_shapes.PolicyList,
    QueueLoad,
    TargetValue,
    Told,
    shapes.GapList,
    Histogram,
    History,
    Failures,
    GroupTasks,
    Latencies,
    Workflow,
    queue_shapes.MessageList,
    queue_shapes.Purged,
    queue_shapes.QueueList,
    queue_shapes.TooMany,
    QueueHistory,
    QueueLines,
    SummaryHistory,
    shapes.NameList,
    shapes.PoolBody,
    shapes.Readiness,
    Report,
    ScheduleBody,
    SettingsBody,
    shapes.Revocation,
    shapes.Revoked,
    shapes.SummaryBody,
    shapes.TaskChanges,
    shapes.TaskList,
    shapes.WorkerDetail,
    shapes.Me,
    shapes.WorkerPoolList,
    shapes.SentTask,
    shapes.SilenceList,
    shapes.SummaryBody,
    shapes.TaskChanges,
    shapes.TaskList,
    shapes.TaskCall,
    shapes.TaskResult,
    shapes.WorkerList,
)

COMMAND: Mapping[int, str] = {
    403: "Your role may not do it, or a page of another site asked for it",
    413: "The body is too long",
    503: "The store cannot be read yet, or the broker cannot be reached: `detail` says which",
}
"""What a route may answer beside the rest that gives commands to workers: `also=`."""

TEXT: Answers = {200: {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}}
"""What a public route of plain text may answer."""


def answers(
    model: type[msgspec.Struct] | None,
    *,
    bad_request: bool = False,
    not_found: bool = False,
    forbidden: bool = False,
    store: bool = True,
    login: bool = True,
    also: Mapping[int, str] = MappingProxyType({}),
) -> dict[int, Mapping[str, Any]]:
    """What a route of `/api/v1` may answer, for `answers=`.

    Args:
        model: Body of a 200, or None where the route describes its own.
        bad_request: Whether it takes parameters that can be wrong.
        not_found: Whether what it is asked for may not exist.
        forbidden: Whether it needs more than the role of a viewer.
        store: Whether it needs the store.
        login: Whether it needs a login.
        also: What else it may answer, and why.
    """
    found: dict[int, Mapping[str, Any]] = {}
    if model is not None:
        found[200] = content(model, "OK")
    if bad_request:
        found[400] = _problem("A parameter is wrong: `field` names it, `detail` says what it takes")
    if login:
        found[401] = _problem("Login required")
        found[429] = _problem("Too many failed logins; `Retry-After` says when to try again")
    if forbidden:
        found[403] = _problem("Your role may not do this, or the request came from a page of another site")
    if not_found:
        found[404] = _problem("There is no such thing")
    if store:
        found[503] = _problem("The store cannot be read yet; `Retry-After` says when to ask again")
    return found | {status: _problem(why) for status, why in also.items()}


def content(model: type[msgspec.Struct], text: str) -> dict[str, Any]:
    """An answer that has a body, and what it means."""
    return {"description": text, "content": {"application/json": {"schema": _reference(model)}}}


def document(routes: Routes, prefix: str) -> dict[str, Any]:
    """The whole document, for a monitor under a URL prefix."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Flower monitor",
            "summary": "Tasks, workers and events of one Celery broker.",
            "version": VERSION,
        },
        "servers": [{"url": prefix or "/"}],
        "paths": _paths([route for route in routes if route.tag is not None]),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{"basic": []}, {"bearer": []}],
    }


def _paths(routes: Routes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for route in routes:
        found.setdefault(route.path_format, {})[route.method.lower()] = _operation(route)
    return found


def _operation(route: Route[Any]) -> dict[str, Any]:
    """What the document says of a route: its handler's name and docstring, its parameters and answers."""
    name = route.handler.__name__
    found = {
        "tags": [route.tag],
        "summary": name.replace("_", " ").capitalize(),
        "description": inspect.cleandoc(route.handler.__doc__ or ""),
        "operationId": f"{route.tag}_{name}".lower(),
        "parameters": _parameters(route),
        "responses": {str(status): answer for status, answer in sorted(_responses(route).items())},
    }
    if route.body is not Body.NONE:
        found["requestBody"] = _body(route)
    public = permission_for(route.method, route.path) is Permission.PUBLIC
    return found | {"security": []} if public else found


def _responses(route: Route[Any]) -> Answers:
    """What a route may answer: what it says itself, and what any does that needs a login or reads a body."""
    found: dict[int, Mapping[str, Any]] = {}
    if permission_for(route.method, route.path) is not Permission.PUBLIC:
        found[403] = _refusal(route, "Your role, or your token, may not do this")
    if route.body is not Body.NONE:
        found[408] = _refusal(route, "The body did not come within 30 s")
    return {**found, **route.answers}


def _refusal(route: Route[Any], description: str) -> Mapping[str, Any]:
    if route.path.startswith(V1_PREFIX):
        return _problem(description)
    return {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}


def _described(route: Route[Any]) -> dict[str, Any]:
    """The schema of a route's parameters, all of them."""
    _, schemas = msgspec.json.schema_components([route.parameters], ref_template=REFERENCE)
    found: dict[str, Any] = schemas[route.parameters.__name__]
    return found


def _parameters(route: Route[Any]) -> list[dict[str, Any]]:
    """Those that are not in the body. Flower's may be in the query too, but need to be described once only."""
    described = _described(route)
    return [
        _parameter(route, name, schema, name in described["required"])
        for name, schema in described["properties"].items()
        if route.body is Body.NONE or _is_outside(route, name)
    ]


def _body(route: Route[Any]) -> dict[str, Any]:
    described = _described(route)
    properties = {
        name: {**_sent(schema), "description": schema.get("description", "")}
        for name, schema in described["properties"].items()
        if not _is_outside(route, name)
    }
    required = [name for name in described["required"] if name in properties]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    if described.get("additionalProperties") is False:
        schema["additionalProperties"] = False
    kinds = ["application/json"]
    if route.body is Body.FIELDS:
        kinds.append("application/x-www-form-urlencoded")
    return {"required": bool(required), "content": {kind: {"schema": schema} for kind in kinds}}


def _is_outside(route: Route[Any], name: str) -> bool:
    """Whether a parameter is in the path or in a header."""
    return name in route.param_convertors or name in route.headers


def _parameter(route: Route[Any], name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    place = "path" if name in route.param_convertors else "header" if name in route.headers else "query"
    return {
        "name": route.headers.get(name, name),
        "in": place,
        "required": required,
        "description": schema.pop("description", ""),
        "schema": _sent(schema),
    }


def _sent(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is sent: null is what a parameter is that is left out, and can't be sent."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


def _schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(MODELS, ref_template=REFERENCE)
    for model, described in FIELDS.items():
        for field, text in described.items():
            schemas[model]["properties"][field]["description"] = text
    return schemas


def _reference(model: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=model.__name__)}


def _problem(description: str) -> dict[str, Any]:
    return problem_answer(description, ProblemBody)


def problem_answer(description: str, model: type[msgspec.Struct]) -> dict[str, Any]:
    """OpenAPI's response object of a problem, where its document says more than others."""
    return {"description": description, "content": {"application/problem+json": {"schema": _reference(model)}}}
