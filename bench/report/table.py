"""Cells and rows of Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.measure.figures import spread


def cell(value: Any) -> str:
    """A value as people read it; spreads as `median (min-max)`, latencies as `p50 / p99`."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping) and "median" in value:
        return _spread(value)
    if isinstance(value, Mapping) and "p50" in value:
        return f"{value['p50']:g} / {value['p99']:g} (n={value['n']})"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    return str(value).replace("|", "\\|")


def _spread(value: Mapping[str, Any]) -> str:
    if value["min"] == value["max"]:
        return number(value["median"])
    return f"{number(value['median'])} ({number(value['min'])}-{number(value['max'])})"


def number(value: float) -> str:
    """Whole where it is whole, with commas from ten thousand on."""
    if value == int(value):
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:g}" if abs(value) < 10_000 else f"{value:,.0f}"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table, with an empty line after it."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return "\n".join(lines) + "\n"


def column(runs: Sequence[Mapping[str, Any]], key: str, digits: int = 2) -> Any:
    """The spread of one figure over runs, as in JSON."""
    found = spread((run.get(key) for run in runs), digits)
    return None if found is None else vars(found)
