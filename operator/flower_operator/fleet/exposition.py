"""Prometheus's text format (version 0.0.4), and OpenMetrics 1.0. Pure.

prometheus_client makes an object and a dictionary for each line and checks every label again: with a thousand
monitors, which is 24,000 lines, that takes some ten times as long as this. The tests have its parser read what is
written here.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple


class Family(NamedTuple):
    """A metric with all its series."""

    name: str
    """A counter's ends in `_total`."""
    kind: Literal["counter", "gauge"]
    text: str
    lines: list[str]
    """What `sample` makes."""


def render(families: Iterable[Family], openmetrics: bool) -> bytes:
    """Families in the text format, or in OpenMetrics, but for the mark of its end: something else may follow."""
    parts: list[str] = []
    for family in families:
        # In OpenMetrics a counter's family is named without the suffix of its samples.
        name = family.name.removesuffix("_total") if openmetrics else family.name
        parts.append(f"# HELP {name} {family.text}\n# TYPE {name} {family.kind}\n")
        parts += family.lines
    return "".join(parts).encode()


def labels(values: Mapping[str, str]) -> str:
    """Labels of a series, in this order."""
    return ",".join(f'{name}="{_escape(value)}"' for name, value in values.items())


def sample(name: str, labels: str, value: float) -> str:
    """One line."""
    return f"{name}{{{labels}}} {float(value)}\n" if labels else f"{name} {float(value)}\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
