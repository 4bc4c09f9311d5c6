"""What of a body is compared: volatile values are put aside, order is kept where it means something. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def as_it_is(body: Any) -> Any:
    """All of it, also the order of an object's keys."""
    return body


def nothing(body: Any) -> Any:
    """Status and headers alone."""
    return None


def shape(body: Any) -> Any:
    """Types in place of values; of a list the types that are in it; keys sorted."""
    match body:
        case dict():
            return {key: shape(body[key]) for key in sorted(body)}
        case list():
            found = [shape(item) for item in body]
            return [item for at, item in enumerate(found) if item not in found[:at]]
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case None:
            return "null"
        case _:
            return type(body).__name__


def typed(*names: str) -> Callable[[Any], Any]:
    """The values of these keys, wherever they stand, replaced by their types."""

    def view(body: Any) -> Any:
        match body:
            case dict():
                return {key: shape(value) if key in names else view(value) for key, value in body.items()}
            case list():
                return [view(item) for item in body]
            case _:
                return body

    return view


def column(name: str) -> Callable[[Any], Any]:
    """One value of each object in an object, in order."""
    return lambda body: [item.get(name) for item in body.values()] if isinstance(body, dict) else body


def keys(body: Any) -> Any:
    """Keys in order."""
    return list(body) if isinstance(body, dict) else body


def key_set(body: Any) -> Any:
    """Keys, in any order."""
    return sorted(body) if isinstance(body, dict) else body


def ordered(body: Any) -> Any:
    """All of it with keys sorted, where their order means nothing."""
    match body:
        case dict():
            return {key: ordered(body[key]) for key in sorted(body)}
        case list():
            return [ordered(item) for item in body]
        case _:
            return body


def only(*names: str, then: Callable[[Any], Any] = as_it_is) -> Callable[[Any], Any]:
    """Some keys of an object, if they are there."""
    return lambda body: then({name: body[name] for name in names if name in body}) if isinstance(body, dict) else body


def each(then: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A view of every value of an object, keys sorted."""
    return lambda body: {key: then(body[key]) for key in sorted(body)} if isinstance(body, dict) else body


def without(body: Any, paths: Iterable[str]) -> tuple[Any, list[str]]:
    """A body without the keys at `a.*.b`, and the paths at which there was none."""
    missing = []
    for path in paths:
        body, found = _cut(body, path.split("."))
        if not found:
            missing.append(path)
    return body, missing


def _cut(body: Any, path: list[str]) -> tuple[Any, bool]:
    if not isinstance(body, Mapping):
        return body, False
    name, rest = path[0], path[1:]
    wanted = list(body) if name == "*" else [name] if name in body else []
    if not rest:
        return {key: value for key, value in body.items() if key not in wanted}, bool(wanted)
    cut = {key: _cut(body[key], rest) for key in wanted}
    found = bool(cut) and all(there for _, there in cut.values())
    return {key: cut[key][0] if key in cut else value for key, value in body.items()}, found


def families(body: Any) -> Any:
    """Of metrics in Prometheus's text: each family of Flower's with type, help and label names, sorted.

    The help of `…_created` is left out: it repeats that of its counter.
    """
    lines = str(body).splitlines()
    told = [line for line in lines if re.match(r"# (TYPE flower_|HELP flower_(?!\w+_created ))", line)]
    told = [line for line in told if " flower_monitor_" not in line]
    samples = {_labels(line) for line in lines if re.match(r"flower_(?!monitor_)", line)}
    return sorted(told) + sorted(samples)


def _labels(line: str) -> str:
    name, brace, rest = line.partition("{")
    labels = [pair.partition("=")[0] for pair in rest.partition("}")[0].split('",')]
    return f"{name}{{{','.join(labels)}}}" if brace else name.split(" ")[0]


def samples(prefix: str) -> Callable[[Any], Any]:
    """Of metrics: the samples that begin so, with their values, sorted."""
    return lambda body: sorted(line for line in str(body).splitlines() if line.startswith(prefix))
