"""The types and the CRD say the same."""

import types
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from flower_operator import spec

CRD = yaml.safe_load((Path(__file__).parents[2] / "crds" / "flowermonitors.yaml").read_text())
SCHEMA = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
LIMITED = {"string": "maxLength", "array": "maxItems"}


def struct_of(kind: Any) -> type[msgspec.Struct] | None:
    """The struct in an annotation such as `Broker | None`."""
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    found = [option for option in options if isinstance(option, type) and issubclass(option, msgspec.Struct)]
    return found[0] if found else None


def walk(struct: type[msgspec.Struct], schema: Any, path: str) -> typing.Iterator[tuple[str, Any, Any]]:
    for field in msgspec.structs.fields(struct):
        inner = schema["properties"].get(field.encode_name, {})
        yield f"{path}.{field.encode_name}", field, inner
        nested = struct_of(field.type)
        if nested is not None:
            yield from walk(nested, inner, f"{path}.{field.encode_name}")


def properties(schema: Any, path: str) -> typing.Iterator[tuple[str, Any]]:
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}.{name}", inner
        yield from properties(inner, f"{path}.{name}")
        yield from properties(inner.get("items", {}), f"{path}.{name}[]")


SPEC = SCHEMA["properties"]["spec"]


def test_the_types_know_every_field_of_the_crd_and_no_other() -> None:
    typed = {path for path, _, _ in walk(spec.Spec, SPEC, "spec")}
    declared = {path for path, _ in properties(SPEC, "spec") if "[]" not in path}
    assert typed == declared


@pytest.mark.parametrize(("path", "field", "schema"), list(walk(spec.Spec, SPEC, "spec")), ids=lambda at: str(at)[:60])
def test_defaults_are_the_same(path: str, field: Any, schema: Any) -> None:
    default = field.default if field.default is not msgspec.NODEFAULT else None
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    ours = msgspec.to_builtins(default)
    theirs = schema.get("default")
    if struct_of(field.type) is not None:
        nested = struct_of(field.type)
        assert nested is not None
        if theirs is not None:
            assert ours == msgspec.to_builtins(msgspec.convert(theirs, nested)), path
        return
    assert (ours or None) == theirs or ours is theirs or (theirs is False and ours is False), path


@pytest.mark.parametrize(("path", "schema"), list(properties(SCHEMA, "")), ids=lambda at: str(at)[:60])
def test_every_field_is_described_and_limited(path: str, schema: Any) -> None:
    if path == ".metadata":
        return
    assert schema.get("description"), f"{path} has no description"
    limit = LIMITED.get(schema.get("type", ""))
    unlimited = path in (".apiVersion", ".kind") or "enum" in schema or schema.get("format") == "date-time"
    if limit and not unlimited:
        assert limit in schema, f"{path} has no {limit}"


def test_the_crd_fits_into_an_annotation() -> None:
    """Client-side apply keeps the whole object in one, of 256 KB at most (kopf#1087 and others)."""
    assert len(yaml.safe_dump(CRD)) < 200_000


def test_an_object_older_than_a_field_is_read_with_its_default() -> None:
    body = {"metadata": {"name": "a", "namespace": "b", "uid": "c"}, "spec": {"broker": {}}}
    assert spec.parse(body).spec.retention.tasks == 1_000_000
