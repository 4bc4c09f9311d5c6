"""What is done to an event's texts before anything sees them: redaction, then the caps. Pure but for the event."""

from collections.abc import Sequence

import msgspec

from flower_monitor.config import Config
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Broken, Event
from flower_monitor.redact import HIDDEN, Hide, Redaction

#: A text that was cut ends with it: the characters that are missing.
CUT = "… ({} characters cut)"


class Caps(msgspec.Struct, frozen=True):
    """Characters kept of each text."""

    args: int = 4096
    kwargs: int = 4096
    result: int = 4096
    exception: int = 4096
    traceback: int = 16384


class Protection:
    """Redaction and caps of one monitor."""

    def __init__(self, redaction: Redaction, caps: Caps) -> None:
        self._redaction = redaction
        self._caps: dict[str, int] = msgspec.structs.asdict(caps)
        self._shortest = min(self._caps.values())

    def needed(self, longest: int) -> bool:
        """Whether events of messages of so many bytes at most have to be looked at."""
        # A character takes a byte at least, and base64 makes it more.
        return bool(self._redaction) or longest > self._shortest

    def apply(self, event: Event, row: r.Row, task: str | None) -> None:
        """Redact and cut the texts of an event of a task; note in its row what was cut."""
        # One by one: a loop over their names makes it a third dearer. Nor does it pay to remember what task-sent told,
        # so as not to redact it again in task-received: that costs what it saves.
        hides = self._redaction.of(task)
        if event.args is not None:
            event.args = self._shown(event.args, hides, "args", row)
        if event.kwargs is not None:
            event.kwargs = self._shown(event.kwargs, hides, "kwargs", row)
        if event.result is not None:
            event.result = self._shown(event.result, hides, "result", row)
        if event.exception is not None:
            event.exception = self._shown(event.exception, hides, "exception", row)
        if event.traceback is not None:
            event.traceback = self._shown(event.traceback, hides, "traceback", row)

    def _shown(self, text: str, hides: Sequence[Hide], field: str, row: r.Row) -> str:
        """A text without what is hidden of it, and cut."""
        for hide in hides:
            text = hide(text)
        missing = len(text) - self._caps[field]
        if missing <= 0:
            return text
        _note(row, field, missing)
        return text[:-missing] + CUT.format(missing)

    def hides(self, task: str | None) -> Sequence[Hide]:
        """What is done to each text of a task, one after the other, before it is cut."""
        return self._redaction.of(task)

    def broken(self, found: Broken) -> Broken:
        """Something that is no event: its sample could be anything, so with any rule none is kept."""
        return msgspec.structs.replace(found, sample=HIDDEN) if self._redaction else found


def of(config: Config) -> Protection:
    """What the settings ask for."""
    caps = Caps(config.max_args, config.max_kwargs, config.max_result, config.max_exception, config.max_traceback)
    return Protection(Redaction(config.redact), caps)


def _note(row: r.Row, field: str, missing: int) -> None:
    """Add to what is known to be cut."""
    cut = unpack(row[r.CUT])
    cut[field] = missing
    row[r.CUT] = msgspec.json.encode(cut).decode()


def unpack(stored: str | None) -> dict[str, int]:
    """Field -> characters cut, of what a row says."""
    return msgspec.json.decode(stored, type=dict[str, int]) if stored else {}


def still_cut(stored: str | None, texts: dict[str, str | None]) -> dict[str, int]:
    """What of a task's texts is cut now: an attempt may end with a short text after one with a long one."""
    cut = unpack(stored)
    return {field: n for field, n in cut.items() if (texts.get(field) or "").endswith(CUT.format(n))}
