"""The table of values in the chart's README, made from values.yaml: `python -m tests.chart.readme` writes it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.chart.helm import CHART

README = CHART / "README.md"
HEAD = "| key | default | what it does |\n|---|---|---|\n"


def documented(text: str) -> Iterator[tuple[str, str]]:
    """Each key of values.yaml that has a description (`# -- …`), dotted, with it."""
    path: list[str] = []
    words: list[str] | None = None
    for line in text.splitlines():
        comment = re.match(r"\s*# (-- )?(.*)", line)
        key = re.match(r"( *)(\w+):", line)
        if comment and comment[1]:
            words = [comment[2]]
        elif comment and words is not None:
            words.append(comment[2])
        elif key:
            path = [*path[: len(key[1]) // 2], key[2]]
            if words is not None:
                yield ".".join(path), " ".join(words)
            words = None


def value_at(values: Any, path: str) -> Any:
    """The value of a dotted key."""
    for part in path.split("."):
        values = values[part]
    return values


def table() -> str:
    """The rows."""
    text = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(text)
    rows = (f"| `{key}` | `{json.dumps(value_at(values, key))}` | {words} |" for key, words in documented(text))
    return HEAD + "\n".join(rows) + "\n"


def current() -> str:
    """README as it should be."""
    return README.read_text().split(HEAD)[0] + table()


if __name__ == "__main__":
    README.write_text(current())
