"""The table of a comparison."""

from collections.abc import Mapping

from bench.measure.figures import Spread
from bench.report.table import table


def comparison(figures: Mapping[str, Mapping[str, Spread | None]]) -> str:
    """A row for each figure, a column for each monitor, and the last one's share of the first one's."""
    names = list(next(iter(figures.values()), {}))
    rows = [[path, *(found and vars(found) for found in row.values()), ratio(row)] for path, row in figures.items()]
    return table(["what", *names, "last / first"], rows)


def ratio(row: Mapping[str, Spread | None]) -> str:
    """Of the medians of the last and the first monitor; empty where there is none."""
    first, last = next(iter(row.values())), [*row.values()][-1]
    return f"{last.median / first.median:.2f}" if first and last and first.median else ""
