"""Names by id, as a reader needs them."""

from collections.abc import Iterable

import apsw

from flower_monitor.constants import CUSTOM, EVENT_TYPES, State

#: Most names remembered. Past it they are looked up again: one probe of the primary key each.
REMEMBERED = 20_000


class Names:
    """Ids to texts and back, remembered: a name never changes."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._texts: dict[int, str] = {}

    def text(self, key: int | None) -> str | None:
        """The text of an id; None for None (and for 0, which stands for no name)."""
        if not key:
            return None
        found = self._texts.get(key)
        if found is None:
            found = self._connection.execute("select text from name where id = ?", (key,)).get
            if found is not None:
                self._remember(key, found)
        return found

    def id(self, text: str) -> int | None:
        """The id of a text; None when it was never seen."""
        found: int | None = self._connection.execute("select id from name where text = ?", (text,)).get
        return found

    def ids(self, text: str, ignore_case: bool) -> list[int]:
        """The ids of a text; several when its case does not matter."""
        collate = "collate nocase" if ignore_case else ""
        sql = f"select id from name where text = ? {collate} limit 1000"  # noqa: S608 - constants
        rows: Iterable[tuple[int]] = self._connection.execute(sql, (text,))
        return [key for (key,) in rows]

    def state(self, code: int) -> str:
        """The name of a state."""
        if code < CUSTOM:
            return State(code).name
        return self.text(code - CUSTOM) or "UNKNOWN"

    def state_code(self, name: str) -> int | None:
        """The code of a state's name; None when no task was ever in it."""
        if name in State.__members__:
            return State[name].value
        found = self.id(name)
        return None if found is None else found + CUSTOM

    def event_type(self, code: int) -> str:
        """The type of an event, as Celery writes it."""
        if code < CUSTOM:
            return EVENT_TYPES[code]
        return f"task-{self.state(code).lower()}"

    def _remember(self, key: int, text: str) -> None:
        if len(self._texts) >= REMEMBERED:
            self._texts.clear()
        self._texts[key] = text
