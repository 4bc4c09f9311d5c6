"""Does a child need to be applied? Pure.

An apply that changes nothing costs both sides, so it is skipped when we can tell. Two things tell: the hash of what we
applied, kept in an annotation of the child, is the hash of what we would apply now (so no field was added or dropped);
and every field that we would apply has our value in the live object (so nobody changed one). Where the API server
writes a value in another way than we do (`1000m` as `1`), the second is never true: there the fingerprint of what the
last apply gave is remembered.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flower_operator import constants
from flower_operator.kinds import Manifest

_VOLATILE = ("resourceVersion", "managedFields", "generation")
"""Metadata that changes without anybody having changed what we apply."""


def digest(value: Any) -> str:
    """Hash a JSON value; equal values have equal hashes whatever their order."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def stamp(manifest: Manifest) -> Manifest:
    """Give a manifest the annotation with its own hash."""
    meta = manifest["metadata"]
    annotations = {**meta.get("annotations", {}), constants.ANNOTATION_INPUT_HASH: digest(manifest)}
    return {**manifest, "metadata": {**meta, "annotations": annotations}}


def fingerprint(live: Manifest) -> str:
    """Hash all of a live object that somebody may have changed: everything but its status and versions."""
    meta = {field: value for field, value in live["metadata"].items() if field not in _VOLATILE}
    return digest({field: value for field, value in live.items() if field != "status"} | {"metadata": meta})


def needs_apply(stamped: Manifest, live: Manifest | None, remembered: str | None) -> bool:
    """Say whether to apply; `remembered` is the fingerprint that the last apply of this process left."""
    if live is None:
        return True
    wanted = stamped["metadata"]["annotations"][constants.ANNOTATION_INPUT_HASH]
    found = (live["metadata"].get("annotations") or {}).get(constants.ANNOTATION_INPUT_HASH)
    if wanted != found:
        return True
    if remembered is not None and fingerprint(live) == remembered:
        return False
    return not covers(live, stamped)


def covers(live: Any, wanted: Any) -> bool:
    """Say whether the live value holds everything that is wanted; it may hold more, from defaults and others."""
    if isinstance(wanted, dict):
        return isinstance(live or {}, dict) and all(covers((live or {}).get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(live or [], list) and _covers_list(live or [], wanted)
    return bool(live == wanted)


def _covers_list(live: list[Any], wanted: list[Any]) -> bool:
    if any(not isinstance(item, dict) for item in wanted):
        return live == wanted
    return all(any(covers(item, one) for item in live) for one in wanted)


def changes(before: Manifest, after: Manifest, most: int = 5) -> list[str]:
    """Name the first places in which two states of an object differ, such as `spec.replicas`; never their values, which
    may be secret. What changes without anybody having changed it is left out, and so is our own note of it."""
    return list(islice(_differences(_lasting(before), _lasting(after), ""), most))


def _lasting(live: Manifest) -> Manifest:
    meta = {name: value for name, value in live["metadata"].items() if name not in _VOLATILE}
    annotations = meta.get("annotations") or {}
    told = {name: value for name, value in annotations.items() if name != constants.ANNOTATION_INPUT_HASH}
    return {name: value for name, value in live.items() if name != "status"} | {
        "metadata": meta | {"annotations": told}
    }


def _differences(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from _differences(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif before != after:
        yield path
