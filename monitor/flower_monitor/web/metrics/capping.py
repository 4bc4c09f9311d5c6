"""No more series than a scraper can bear: `--metrics-max-series` for each set. Pure."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from flower_monitor.web.metrics.exposition import Family


class Capped(NamedTuple):
    """What is left of a set."""

    families: list[Family]
    """In their order."""

    shown: int
    """Series in them: lines."""

    cut: int
    """Series that were left out."""


def capped(families: Iterable[Family], most: int) -> Capped:
    """Leave out what is too much: small families stay whole, the large ones share the rest; of each the first stay."""
    given = list(families)
    sizes = [family.size() for family in given]
    if sum(sizes) <= most:
        return Capped(given, sum(sizes), 0)
    shares = _shares(sizes, most)
    kept = [
        family if size <= share else family._replace(lines=_shortened(family, share), each=None)
        for family, size, share in zip(given, sizes, shares, strict=True)
    ]
    shown = sum(family.size() for family in kept)
    return Capped(kept, shown, sum(sizes) - shown)


def _shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many series each family may have: the smallest first, each its even part of what is left at most."""
    shares = [0] * len(sizes)
    left, waiting = most, len(sizes)
    for place in sorted(range(len(sizes)), key=sizes.__getitem__):
        shares[place] = min(sizes[place], left // waiting)
        left -= shares[place]
        waiting -= 1
    return shares


def _shortened(family: Family, share: int) -> list[bytes]:
    """Its first series. The lines of a histogram's series are not torn apart."""
    if family.each is not None:
        # No more of them are taken than are shown: those that are not need not be made (kept.py).
        return [*islice(family.lines, share // family.each)]
    kept = []
    for lines in family.lines:
        size = lines.count(b"\n")
        if size > share > 0 and family.kind != "histogram":
            kept.append(b"\n".join(lines.split(b"\n")[:share]) + b"\n")
        if size > share:
            break
        kept.append(lines)
        share -= size
    return kept
