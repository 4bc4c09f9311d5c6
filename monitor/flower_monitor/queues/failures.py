"""What can be said against looking into a queue, one class each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flower_monitor.exceptions import BrokerError, MonitorError


class QueueMissing(MonitorError):
    """The broker has no such queue."""


class QueueLonger(MonitorError):
    """More messages wait than the one who wants to purge has seen.

    Args:
        ready: Messages that wait.
        expected: Messages that were expected at most.
    """

    def __init__(self, ready: int, expected: int) -> None:
        super().__init__(f"{ready} messages wait, expected were {expected} at most: look again, then expect {ready}")
        self.ready = ready


class NotPossible(MonitorError):
    """It can't be done with this broker without harm, or not at all."""


@contextmanager
def refusals(connection: Any) -> Iterator[None]:
    """Errors by which the broker refuses one command (no permission, wrong type) as `BrokerError`.

    Those of the connection itself are translated by `Control`.
    """
    try:
        yield
    except connection.channel_errors as error:
        raise BrokerError(f"the broker refused: {error}", reason="refused") from error
