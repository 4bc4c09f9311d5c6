"""Which files of a folder a build sees: .dockerignore, read as Docker reads it."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """One line of a .dockerignore: the last one that matches a path decides."""

    pattern: re.Pattern[str]
    includes: bool
    """The line starts with `!`."""
    start: str
    """What of the line comes before any wildcard: an excluded folder is searched only where this leads into it."""


def parse(text: str) -> list[Rule]:
    """Return the rules of a .dockerignore."""
    lines = [line.strip() for line in text.splitlines()]
    return [_rule(line) for line in lines if line and not line.startswith("#")]


def _rule(line: str) -> Rule:
    includes = line.startswith("!")
    path = line.removeprefix("!").strip().strip("/")
    # A pattern that matches a folder matches all beneath it.
    return Rule(re.compile(_regex(path) + r"(?:/.*)?"), includes, re.split(r"[*?\[]", path)[0])


def _regex(path: str) -> str:
    tokens = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", path)
    return "".join(tokens.get(part, re.escape(part)) for part in parts)


def included(path: str, rules: Sequence[Rule]) -> bool:
    """Return whether the build sees `path`, relative to the context."""
    verdict = True
    for rule in rules:
        if rule.pattern.fullmatch(path):
            verdict = rule.includes
    return verdict


def context_files(context: Path) -> Iterator[Path]:
    """Yield the files that a build with this context sees, in order of their names."""
    ignore = context / ".dockerignore"
    rules = parse(ignore.read_text()) if ignore.exists() else []
    for folder, folders, files in os.walk(context):
        relative = Path(folder).relative_to(context)
        folders[:] = sorted(name for name in folders if _worth_entering((relative / name).as_posix(), rules))
        for name in sorted(files):
            if included((relative / name).as_posix(), rules):
                yield Path(folder) / name


def _worth_entering(folder: str, rules: Sequence[Rule]) -> bool:
    if included(folder, rules):
        return True
    return any(
        rule.includes and (rule.start.startswith(f"{folder}/") or f"{folder}/".startswith(rule.start)) for rule in rules
    )
