"""How the plugin ends."""

from enum import IntEnum

import click
from typing_extensions import override

from flower_operator.kubectl.table import printable


class Exit(IntEnum):
    """Exit codes, for scripts. 2 is bad usage, as click has it."""

    WELL = 0
    TROUBLE = 1
    """`doctor` found something that is wrong."""
    UNREACHABLE = 3
    """The cluster or the monitor can't be asked, or does not let this person."""
    NOT_FOUND = 4
    """There is no such FlowerMonitor."""


class Failed(click.ClickException):
    """Ends the command with a sentence that says what to do."""

    def __init__(self, message: str, code: Exit = Exit.UNREACHABLE) -> None:
        super().__init__(message)
        self.code = code

    @override
    def format_message(self) -> str:
        """What is printed. It may hold words of a monitor or of kubectl, whose lines it keeps."""
        return "\n".join(map(printable, self.message.split("\n")))

    @property
    @override
    def exit_code(self) -> int:  # type: ignore[override]  # click reads it of the instance, and has it on the class
        """What click exits with."""
        return self.code
