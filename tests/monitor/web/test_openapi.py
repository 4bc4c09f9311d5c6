"""The OpenAPI document is complete enough to work from."""

from typing import Any

import httpx
import pytest

from flower_monitor.web.app import all_routes
from flower_monitor.web.openapi import document
from flower_monitor.web.permissions import RULES

PAGES = (
    *("/", "/tasks", "/workers", "/task/", "/worker/", "/workflow/", "/assets/", "/queues", "/broker"),
    *("/login", "/logout", "/overview", "/failures", "/audit", "/doctor", "/settings", "/schedule", "/scaling"),
    "/api/v1/openapi.json",
)


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    return document(all_routes("/flower"), "/flower")


def test_every_route_but_pages_is_described(spec: dict[str, Any]) -> None:
    documented = {(method.upper(), path) for path, operations in spec["paths"].items() for method in operations}
    rules = [rule for rule in RULES if rule.path not in PAGES and not rule.path.startswith(PAGES[3:])]

    assert documented == {(rule.method, rule.path.replace(":path}", "}")) for rule in rules}


def test_every_parameter_is_described(spec: dict[str, Any]) -> None:
    missing = [
        (path, parameter["name"])
        for path, operations in spec["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if not parameter.get("description") and parameter["in"] != "path"
    ]

    assert missing == []


def test_every_field_of_a_body_is_described(spec: dict[str, Any]) -> None:
    missing = [
        (operation["operationId"], field)
        for operations in spec["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {"content": {}})["content"].values()
        for field, described in content["schema"]["properties"].items()
        if not described["description"]
    ]

    assert missing == []


@pytest.mark.parametrize("exempt", [("FlowerTask", "ListedTask", "TaskTypes")])
def test_every_field_of_ours_is_described(spec: dict[str, Any], exempt: tuple[str, ...]) -> None:
    missing = [
        (model, field)
        for model, schema in spec["components"]["schemas"].items()
        for field, described in schema["properties"].items()
        if model not in exempt and not described.get("description")
    ]

    assert missing == []


def test_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    names = set(spec["components"]["schemas"])

    assert {reference.removeprefix("#/components/schemas/") for reference in references(spec)} <= names


def test_no_route_promises_an_answer_that_it_never_gives(spec: dict[str, Any]) -> None:
    found = [operation for operations in spec["paths"].values() for operation in operations.items()]
    reads = {status for method, operation in found for status in operation["responses"] if method == "get"}
    writes = {status for method, operation in found for status in operation["responses"] if method != "get"}

    assert reads <= {"200", "304", "400", "401", "403", "404", "409", "429", "503"}
    assert writes <= {"200", "202", "400", "401", "403", "404", "408", "409", "413", "422", "429", "503", "504"}


def test_every_route_that_needs_a_login_says_that_it_may_refuse_a_role(spec: dict[str, Any]) -> None:
    """A token may have any part of its role's permissions: one for draining alone may not even look."""
    silent = [
        operation["operationId"]
        for operations in spec["paths"].values()
        for operation in operations.values()
        if operation.get("security") != [] and "403" not in operation["responses"]
    ]

    assert silent == []


def test_the_document_knows_the_prefix(spec: dict[str, Any]) -> None:
    assert spec["servers"] == [{"url": "/flower"}]


@pytest.mark.anyio
async def test_the_document_is_served(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/openapi.json")

    assert response.json()["openapi"].startswith("3.1")


def references(value: Any) -> set[str]:
    """Every `$ref` within a document."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(references, value.values()))
