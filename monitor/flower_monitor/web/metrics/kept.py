"""Text that is made once for as long as what it is made of stays the same. Nothing here is thread-safe."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Generic, TypeVar

from flower_monitor.web.metrics.exposition import Family
from flower_monitor.web.metrics.snapshot import Counts

Row = TypeVar("Row", bound=Hashable)
Text = TypeVar("Text")


class Kept(Generic[Row, Text]):
    """The text of each row of the last scrape: of thousands of series few change between two.

    It holds what one scrape has, and nothing older.

    Args:
        make: The text of a row, or its texts.
    """

    def __init__(self, make: Callable[[Row], Text]) -> None:
        self._make = make
        self._made: dict[Row, Text] = {}

    def texts(self, rows: Iterable[Row]) -> Collection[Text]:
        """A text for each row; those that the last call had too are as they were."""
        last, make = self._made, self._make
        self._made = {row: last.get(row) or make(row) for row in rows}
        return self._made.values()


class Remembered(Generic[Row, Text]):
    """The text of each row there ever was, as labels are: they are the same when what is counted under them is not.

    Args:
        make: The text of a row.
        most: Texts to hold; past it all are made anew.
    """

    def __init__(self, make: Callable[[Row], Text], most: int = 50_000) -> None:
        self._make = make
        self._most = most
        self._made: dict[Row, Text] = {}

    def text(self, row: Row) -> Text:
        """The text of a row."""
        found = self._made.get(row)
        if found is None:
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[row] = self._make(row)
        return found


class Unchanged:
    """The families that are made of counts: of the same counts they are the same.

    Args:
        make: The families of some counts.
    """

    def __init__(self, make: Callable[[Counts], Iterable[Family]]) -> None:
        self._make = make
        self._counts: Counts | None = None
        self._families: list[Family] = []

    def families(self, counts: Counts) -> list[Family]:
        """Those of some counts."""
        if counts is not self._counts:
            self._families, self._counts = list(self._make(counts)), counts
        return self._families
