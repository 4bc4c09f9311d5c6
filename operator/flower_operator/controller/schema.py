"""Does the CRD know every field that this operator does? Helm upgrades none from `crds/`, and with `crds.install=false`
somebody applies it by hand: where that was forgotten a documented field is refused or dropped, and nobody says why."""

import logging
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.inspect import ListType, StructType, UnionType, VarTupleType

from flower_operator import constants
from flower_operator.exceptions import KubeError
from flower_operator.kube import KubeApi
from flower_operator.spec import Spec

from .preflight import FIX

logger = logging.getLogger(__name__)


async def report_missing(api: KubeApi) -> list[str]:
    """Log the fields that the CRD at the API server lacks, and return them. None where it can't be had."""
    try:
        document = await api.openapi(constants.API_VERSION)
    except KubeError as error:
        logger.warning("can't look whether the CRD is as new as this operator: %s", error)
        return []
    served = set(_served(_schema(document), ""))
    missing = sorted(path for path in _known(msgspec.inspect.type_info(Spec), "spec") if path not in served)
    if missing:
        said = "the CRD is older than this operator: it does not know %s, so nobody can ask for that. %s"
        logger.error(said, ", ".join(_outermost(missing)), FIX)
    return missing


def _known(field: Any, path: str) -> Iterator[str]:
    """Every field that the operator reads; what it hands on as it is ends there."""
    if isinstance(field, StructType):
        for inner in field.fields:
            yield f"{path}.{inner.encode_name}"
            yield from _known(inner.type, f"{path}.{inner.encode_name}")
    elif isinstance(field, UnionType):
        for one in field.types:
            yield from _known(one, path)
    elif isinstance(field, ListType | VarTupleType):
        yield from _known(field.item_type, path)


def _schema(document: Any) -> Any:
    """The FlowerMonitor's, which the document has under a name that it makes of its group."""
    for schema in document["components"]["schemas"].values():
        kinds = schema.get("x-kubernetes-group-version-kind", [])
        if any(one["kind"] == constants.KIND for one in kinds):
            return schema
    return {}


def _served(schema: Any, path: str) -> Iterator[str]:
    """Every field of a schema; one of a list's items as if it were the list's own."""
    for name, inner in schema.get("properties", {}).items():
        here = f"{path}.{name}".removeprefix(".")
        yield here
        yield from _served(inner, here)
    if "items" in schema:
        yield from _served(schema["items"], path)


def _outermost(paths: list[str]) -> list[str]:
    """Those that are in no other one of them; the paths are sorted."""
    found: list[str] = []
    for path in paths:
        if not found or not path.startswith(f"{found[-1]}."):
            found.append(path)
    return found
