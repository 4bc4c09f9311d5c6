"""Text that is made once for as long as what it is made of stays the same."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Generic, TypeVar

Row = TypeVar("Row", bound=Hashable)


class Kept(Generic[Row]):
    """The text of each row of the last scrape: of thousands of series few change between two.

    It holds what one scrape has, and nothing older. Not thread-safe.

    Args:
        make: The text of a row.
    """

    def __init__(self, make: Callable[[Row], bytes]) -> None:
        self._make = make
        self._made: dict[Row, bytes] = {}

    def texts(self, rows: Iterable[Row]) -> Collection[bytes]:
        """A text for each row; those that the last call had too are as they were."""
        last, make = self._made, self._make
        self._made = {row: last.get(row) or make(row) for row in rows}
        return self._made.values()
