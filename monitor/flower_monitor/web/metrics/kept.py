"""Text that is made once for as long as what it is made of stays the same. Nothing here is thread-safe."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from typing_extensions import override

from flower_monitor.web.metrics.exposition import Family
from flower_monitor.web.metrics.snapshot import Counts

Row = TypeVar("Row", bound=Hashable)
Text = TypeVar("Text")


class Texts(Collection[Text], Generic[Row, Text]):
    """A text for each of some rows, made once and not before it is taken: of most rows that are too many
    (capping.py) none ever is.

    Args:
        rows: What they are made of.
        make: The text of a row.
        last: Texts that are there already, by row.
    """

    def __init__(self, rows: Sequence[Row], make: Callable[[Row], Text], last: dict[Row, Text]) -> None:
        self._rows = rows
        self._make = make
        self._last = last
        self._made: list[Text] = []

    @override
    def __len__(self) -> int:
        return len(self._rows)

    @override
    def __contains__(self, text: object) -> bool:
        return any(one == text for one in self)

    @override
    def __iter__(self) -> Iterator[Text]:
        return iter(self._made) if len(self._made) == len(self._rows) else self._taken()

    def _taken(self) -> Iterator[Text]:
        made, make, find = self._made, self._make, self._last.get
        try:
            for place, row in enumerate(self._rows):
                if place == len(made):
                    made.append(find(row) or make(row))
                yield made[place]
        finally:
            self._last.clear()

    def made(self) -> dict[Row, Text]:
        """Those that were taken, by row."""
        return dict(zip(self._rows, self._made, strict=False))


class Kept(Generic[Row, Text]):
    """The text of each row of the last scrape: of thousands of series few change between two.

    It holds what one scrape has, and nothing older once the texts of the next were taken.

    Args:
        make: The text of a row, or its texts.
    """

    def __init__(self, make: Callable[[Row], Text]) -> None:
        self._make = make
        self._texts: Texts[Row, Text] = Texts((), make, {})

    def texts(self, rows: Sequence[Row]) -> Collection[Text]:
        """A text for each row; those that the last call's had too are as they were."""
        self._texts = Texts(rows, self._make, self._texts.made())
        return self._texts


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
