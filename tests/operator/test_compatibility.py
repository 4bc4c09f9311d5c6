"""Yesterday's objects and today's CRD. One version is stored, and is changed by adding only (crds/README.md)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.kube import KubeApi

HERE = Path(__file__).parent
RELEASED = sorted((HERE / "released").glob("flowermonitors-*.yaml"))
TODAY = HERE.parents[1] / "crds" / "flowermonitors.yaml"
BEFORE = ["minimal", "everything", "secret-delete", "suspended"]
"""Golden objects that release 0.1.0 took."""

GROWS = ("maxLength", "maxItems", "maxProperties", "maximum")
SHRINKS = ("minLength", "minItems", "minProperties", "minimum")
STAYS = ("type", "format", "pattern", "default", "x-kubernetes-list-type", "x-kubernetes-list-map-keys")


def schema_of(path: Path) -> Any:
    (version,) = yaml.safe_load(path.read_text())["spec"]["versions"]
    assert version["name"] == "v1alpha1"
    return version["schema"]["openAPIV3Schema"]


def broken(old: Any, new: Any, path: str) -> Iterator[str]:
    """What of a schema an object of the older one could fail at, or mean something else by."""
    yield from (f"{path}: {word} differs" for word in STAYS if old.get(word) != new.get(word))
    yield from (f"{path}: {word} is less" for word in GROWS if new.get(word, 10**18) < old.get(word, 10**18))
    yield from (f"{path}: {word} is more" for word in SHRINKS if new.get(word, 0) > old.get(word, 0))
    if not set(new.get("enum", [])) >= set(old.get("enum", [])):
        yield f"{path}: a value of enum is gone"
    if not set(new.get("required", [])) <= set(old.get("required", [])):
        yield f"{path}: more is required"
    for name, inner in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from broken(inner, new["properties"][name], f"{path}.{name}")
        else:
            yield f"{path}.{name} is gone"
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), dict):
            yield from broken(old[part], new.get(part) or {}, f"{path}[]")


MEANT = [".status: default differs"]
"""Nobody writes a status but the operator, whom that default tells that it has not."""


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_field_keeps_its_meaning(path: Path) -> None:
    assert list(broken(schema_of(path), schema_of(TODAY), "")) == MEANT


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "integer"}, "type differs"),
        ({"maxLength": 7}, "maxLength is less"),
        ({"default": "x"}, "default differs"),
    ],
)
def test_a_change_that_breaks_is_found(change: dict[str, Any], words: str) -> None:
    """The test above can fail."""
    old = schema_of(TODAY)
    new = json.loads(json.dumps(old))
    new["properties"]["spec"]["properties"]["storage"]["properties"]["size"] |= change
    assert list(broken(old, new, "")) == [f".spec.storage.size: {words}"]


@pytest.mark.anyio
@pytest.mark.parametrize("case", BEFORE)
async def test_an_object_of_yesterday_is_taken_and_means_the_same(api: KubeApi, namespace: str, case: str) -> None:
    """No new default appears in it: what is rendered is what it was (the golden files say so)."""
    written = yaml.safe_load((HERE / "golden" / "input" / f"{case}.yaml").read_text())["spec"]
    body = {"apiVersion": "flower-operator.io/v1alpha1", "kind": "FlowerMonitor", "metadata": {"name": "orders"}}
    made = await api.apply(kinds.FLOWER_MONITOR, namespace, {**body, "spec": written}, "tests")
    released = schema_of(RELEASED[0])["properties"]["spec"]
    assert [path for path in paths(made["spec"], "") if not declared(released, path)] == []


def paths(value: Any, path: str) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield f"{path}.{name}"
        yield from paths(inner, f"{path}.{name}")


def declared(schema: Any, path: str) -> bool:
    """Whether a schema has a place."""
    for name in path.removeprefix(".").split("."):
        if "additionalProperties" in schema:
            return True
        if name not in schema.get("properties", {}):
            return False
        schema = schema["properties"][name]
    return True
