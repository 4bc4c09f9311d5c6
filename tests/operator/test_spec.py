"""The types and the CRD say the same."""

import json
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
    """The struct in an annotation such as `Broker | None` or `list[Rule]`."""
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    options = tuple(typing.get_args(one)[0] if typing.get_origin(one) is list else one for one in options)
    found = [option for option in options if isinstance(option, type) and issubclass(option, msgspec.Struct)]
    return found[0] if found else None


def walk(struct: type[msgspec.Struct], schema: Any, path: str) -> typing.Iterator[tuple[str, Any, Any]]:
    for field in msgspec.structs.fields(struct):
        inner = schema["properties"].get(field.encode_name, {})
        yield f"{path}.{field.encode_name}", field, inner
        nested = struct_of(field.type)
        if nested is not None:
            below = "[]" if inner.get("type") == "array" else ""
            yield from walk(nested, inner.get("items", inner), f"{path}.{field.encode_name}{below}")


def properties(schema: Any, path: str) -> typing.Iterator[tuple[str, Any]]:
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}.{name}", inner
        yield from properties(inner, f"{path}.{name}")
        yield from properties(inner.get("items", {}), f"{path}.{name}[]")


def values(schema: Any, path: str) -> typing.Iterator[tuple[str, Any]]:
    """Every schema at and below a place, also those of items and of values of maps."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from values(inner, f"{path}.{name}")
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield from values(schema[part], f"{path}[]")


SPEC = SCHEMA["properties"]["spec"]


def test_the_types_know_every_field_of_the_crd_and_no_other() -> None:
    fields = [(path, field.type) for path, field, _ in walk(spec.Spec, SPEC, "spec")]
    passed_on = tuple(path for path, kind in fields if struct_of(kind) is None)
    declared = {path for path, _ in properties(SPEC, "spec")}
    assert {path for path, _ in fields} == {path for path in declared if not below(path, passed_on)}


def below(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path is inside of one that the types pass on as it is."""
    return path.startswith(tuple(end for place in places for end in (f"{place}.", f"{place}[]")))


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


DESCRIBED = [at for at in properties(SCHEMA, "") if at[0] != ".metadata"]


def test_every_field_is_described() -> None:
    assert [path for path, schema in DESCRIBED if not schema.get("description")] == []


def test_every_string_list_and_map_is_limited() -> None:
    """Limits bound the cost of the rules, which the API server refuses beyond a budget."""
    unlimited = [path for path, schema in values(SCHEMA, "") if not limited(path, schema)]
    assert unlimited == []


def limited(path: str, schema: Any) -> bool:
    if path in (".apiVersion", ".kind") or "enum" in schema or schema.get("format") == "date-time":
        return True
    limit = LIMITED.get(schema.get("type", ""))
    map_is = "maxProperties" in schema or "additionalProperties" not in schema
    return map_is and (limit is None or limit in schema)


def test_the_crd_fits_into_an_annotation_with_room_for_more() -> None:
    """Client-side apply keeps the whole object in one, of 256 KiB at most (kopf#1087 and others); etcd takes 1.5 MB."""
    assert len(json.dumps(CRD, separators=(",", ":"))) < 200_000


def test_an_object_older_than_a_field_is_read_with_its_default() -> None:
    body = {"metadata": {"name": "a", "namespace": "b", "uid": "c"}, "spec": {"broker": {}}}
    assert spec.parse(body).spec.retention.tasks == 1_000_000
