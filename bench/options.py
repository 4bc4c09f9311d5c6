"""Command line options that are the fields of a dataclass: declared once, typed, and turned back into arguments.

A field is `int`, `float`, `str`, `bool` (a flag), one of these or None, or a tuple of one of these.
"""

import argparse
import dataclasses
import types
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Options = TypeVar("Options")


def option(default: Any, help: str) -> Any:  # noqa: A002 - argparse's own word
    """A field with a default and a line of help."""
    return dataclasses.field(default=default, metadata={"help": help})


def add(parser: argparse._ActionsContainer, kind: type[Any]) -> None:
    """Give the parser an option for each field."""
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        help_text = field.metadata.get("help", "")
        name = "--" + field.name.replace("_", "-")
        if hints[field.name] is bool:
            action = argparse.BooleanOptionalAction
            parser.add_argument(name, action=action, default=field.default, help=help_text)
            continue
        many = get_origin(hints[field.name]) is tuple
        parser.add_argument(
            name,
            type=plain(hints[field.name]),
            nargs="+" if many else None,
            default=field.default,
            help=f"{help_text} (default: {shown(field.default)})",
        )


def plain(hint: Any) -> type[Any]:
    """`int` of `int`, `int | None` and `tuple[int, ...]`."""
    if get_origin(hint) in (tuple, types.UnionType):
        return plain(next(part for part in get_args(hint) if part is not type(None)))
    assert isinstance(hint, type)
    return hint


def shown(default: Any) -> str:
    """A default as it is typed."""
    return " ".join(map(str, default)) if isinstance(default, tuple) else str(default)


def read(kind: type[Options], values: argparse.Namespace) -> Options:
    """The dataclass of what was parsed."""
    found = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(values, field.name)
        found[field.name] = tuple(value) if isinstance(value, list) else value
    return kind(**found)


def arguments(options: Any) -> Iterator[str]:
    """The arguments that give these options again; those with their default are left out."""
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        if value == field.default:
            continue
        name = field.name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{'' if value else 'no-'}{name}"
            continue
        yield f"--{name}"
        yield from map(str, value if isinstance(value, tuple) else (value,))
