"""The summary's numbers, once a minute: on their way from web, which looks at them, to ingest, which stores them."""

from typing import Literal

import msgspec

Figure = Literal["workers", "waiting", "lag", "seen"]
"""Workers that are online; messages that wait in queues; seconds of lag; part of what workers started that was seen."""


class SummarySample(msgspec.Struct, frozen=True, tag="summary"):
    """What was known within a minute."""

    start: int
    """Start of the minute, epoch seconds."""

    figures: dict[Figure, float]
    """Only what was known: a figure that is not there is unknown, not 0."""
