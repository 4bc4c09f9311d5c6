"""Texts that repeat, as small numbers."""

from collections.abc import Callable

#: Most texts remembered: a task's client is `gen<pid>@<host>`, so there is no end of them.
REMEMBERED = 20_000

#: Longest text interned; more of it is cut. No name of a task, host or queue is near it.
LONGEST = 512


class Interner:
    """Gives each text its number: the stored one where it has one, else the next."""

    def __init__(
        self,
        stored: Callable[[str], int | None],
        next_number: int,
        stored_text: Callable[[int], str | None] = lambda _: None,
    ) -> None:
        self._stored = stored
        self._stored_text = stored_text
        self._texts: dict[int, str] = {}
        self._next = next_number
        self.known: dict[str, int] = {}
        """Text -> number, for those who can't afford a call when it is there: `known.get(text) or number(text)`."""

        self._used: list[int] = []
        self.new: dict[str, int] = {}
        """Numbers given and not yet stored."""

    def number(self, text: str) -> int:
        """The number of a text."""
        found = self.known.get(text)
        return found if found is not None else self._learn(text[:LONGEST])

    def text(self, number: int | None) -> str | None:
        """The text of a number; None for None."""
        if number is None:
            return None
        found = self._texts.get(number)
        if found is None:
            found = next((text for text, new in self.new.items() if new == number), None) or self._stored_text(number)
            if len(self._texts) >= REMEMBERED:
                self._texts.clear()
            if found is not None:
                self._texts[number] = found
        return found

    def turn(self) -> list[int]:
        """The numbers used since the last turn. All are forgotten: what is used from now on is learned again."""
        used, self._used = [*self._used, *self.known.values()], []
        self.known.clear()
        return used

    def saved(self) -> None:
        """All of `new` is stored."""
        self.new.clear()

    def _learn(self, text: str) -> int:
        if len(self.known) >= REMEMBERED:
            self._used += self.known.values()
            self.known.clear()
        found = self.new.get(text) or self._stored(text)
        if found is None:
            found = self.new[text] = self._next
            self._next += 1
        self.known[text] = found
        return found
