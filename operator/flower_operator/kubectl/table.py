"""Columns, as kubectl prints them. Pure."""

from collections.abc import Sequence

GAP = 3
"""Spaces between two columns."""

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lines of a table; what is not known is a dash."""
    cells = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) + GAP for column in zip(*cells, strict=True)]
    return "\n".join("".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def age(seconds: float) -> str:
    """A duration in its largest unit, such as `3d`."""
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "0s"


def _text(cell: object) -> str:
    return printable("-" if cell is None or cell == "" else str(cell))


def printable(text: str) -> str:
    """A text of others, which must not move the cursor of a terminal, nor begin a line that looks like one of ours."""
    return "".join(character if character.isprintable() else "?" for character in text)
