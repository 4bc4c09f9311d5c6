"""What the doctor says of one thing. Pure."""

from enum import Enum
from typing import NamedTuple


class State(Enum):
    """How it is."""

    WELL = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It could not be looked at."""


class Finding(NamedTuple):
    """One line of the report."""

    subject: str
    state: State
    text: str
    fix: str = ""
    """What to do; empty when there is nothing to do."""


def well(subject: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding(subject, State.WELL, text)


def wrong(subject: str, text: str, fix: str) -> Finding:
    """It is not."""
    return Finding(subject, State.WRONG, text, fix)


def unknown(subject: str, text: str) -> Finding:
    """It could not be looked at."""
    return Finding(subject, State.UNKNOWN, text)
