"""`flowerconfig.py`: options as `name = value`, in Python, as Flower has them.

It is run, in the process that people start: who may start the monitor may write it. Only plain values are taken, so
what a file imports or defines to compute them does not matter.
"""

import difflib
import json
import os
import runpy
import stat
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from flower_monitor import foreign_code
from flower_monitor.commandline import ALIKE, CELERYS, ORIGINS, warn
from flower_monitor.exceptions import UsageError

DEFAULT = "flowerconfig.py"
"""In the current folder; it need not be there."""

#: Options that are JSON on a command line.
_JSON = ("broker_transport_options", "broker_use_ssl", "redact", "roles")

_PLAIN = (bool, int, float, str, list, tuple, dict, set, os.PathLike)


def read_option(context: click.Context, _: click.Parameter, given: str | None) -> str | None:
    """Callback of `--conf`: what the file says counts where neither command line nor environment does."""
    path = Path(given or DEFAULT).expanduser()
    if not given:
        if not path.is_file():
            return None
        check_owner(path)
    names = run(path)
    known = {str(parameter.name) for parameter in context.command.params}
    found = options(names, known, path.name, used(path.read_bytes()))
    context.default_map = {**(context.default_map or {}), **found}
    context.meta.setdefault(ORIGINS, {}).update(dict.fromkeys(found, path.name))
    return str(path)


def check_owner(path: Path) -> None:
    """Refuse to run somebody else's file that nobody named, such as one that lies in wait in /tmp.

    Where only we and root can put files it is one that was put there on purpose, such as a mount of a container.
    """
    trusted = (0, os.geteuid())
    owner, folder = path.stat().st_uid, path.absolute().parent.stat()
    if owner not in trusted and (folder.st_uid not in trusted or folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise UsageError(f"--conf: {path.absolute()} belongs to user {owner}; to have it run, name it: --conf {path}")


def run(path: Path) -> Mapping[str, Any]:
    """The names that a file defines."""
    if not path.is_file():
        raise UsageError(f"--conf: there is no file {path}")
    try:
        foreign_code.prepare()
        # By its whole path, so that `os.path.dirname(__file__)` in it is a folder, as in Flower.
        return runpy.run_path(str(path.absolute()))
    except Exception as error:
        # Whatever a file of somebody else's raises: it is told with its place.
        raise UsageError(f"--conf: {_place(error, path)}: {type(error).__name__}: {error}{_instead(error)}") from error


def used(source: bytes) -> frozenset[str]:
    """The names that a file reads itself: it defines them for its own use. Pure."""
    import ast  # only who has such a file waits for it

    loads = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
    return frozenset(node.id for node in loads if isinstance(node.ctx, ast.Load))


def options(names: Mapping[str, Any], known: Collection[str], file: str, own: Collection[str] = ()) -> dict[str, Any]:
    """Those of a file's names that are options, with their values as on a command line.

    A module is none: `import logging` sets no level.

    Args:
        names: What the file defines.
        known: The options.
        file: Its name, for errors.
        own: Names that it reads itself; these are none of ours, whatever they resemble.

    Raises:
        UsageError: One looks like an option and is none, or an option has a value that none has.
    """
    found = {}
    for name, value in names.items():
        option = name.lower() if name.isupper() and name.lower() in known else name
        if option in known and value is not None and not isinstance(value, ModuleType):
            found[option] = text_of(option, value, file)
        elif option not in known and name not in own:
            _check_unknown(name, value, known, file)
    return found


def text_of(name: str, value: Any, file: str) -> Any:
    """A value as on a command line: lists with commas, or as JSON where the option is JSON; numbers as they are."""
    if name in _JSON and not isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if name == "format_task" and callable(value):
        return value.__name__
    if isinstance(value, (list, tuple, set)):
        return [str(one) for one in value] if name == "basic_auth" else ",".join(map(str, value))
    raise UsageError(f"--conf: {name} in {file} can't be {type(value).__name__}")


def _check_unknown(name: str, value: Any, known: Collection[str], file: str) -> None:
    """Refuse a misspelt option; other names are the file's own."""
    if name.startswith("_") or not name.islower() or not isinstance(value, _PLAIN):
        return
    if name in CELERYS:
        warn(f"--conf: {name} in {file} is a setting of Celery's and has no effect: {CELERYS[name]}")
        return
    close = difflib.get_close_matches(name, known, 1, ALIKE)
    if close:
        raise UsageError(f"--conf: {name} in {file} is no option; did you mean {close[0]}? Begin other names with _")


def _instead(error: Exception) -> str:
    """What to write for a module of Flower's, which this package takes the place of."""
    if not isinstance(error, ModuleNotFoundError) or (error.name or "").partition(".")[0] != "flower":
        return ""
    return (
        ". Flower is not installed: humanize, format_time and the like are in flower_monitor (docs/library.md); for "
        "format_task there is --redact"
    )


def _place(error: Exception, path: Path) -> str:
    if isinstance(error, SyntaxError):
        return f"{path}, line {error.lineno}"
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path.absolute())
    ]
    return f"{path}, line {lines[-1]}" if lines else str(path)
