"""What can go wrong, one class a failure. The message names the field and the fix."""

from collections.abc import Iterator


class MonitorError(Exception):
    """The monitor can't do what was asked."""

    exit_code = 1
    """Of the program when this ends it."""


class UsageError(MonitorError):
    """A setting is wrong: the command line, the environment or a file they name."""

    exit_code = 2


class QueryError(MonitorError):
    """A question to the store that it can't understand: `field` says which part."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StoreUnusable(MonitorError):
    """The store's place can't be used: missing, read-only, or held by another monitor."""


class StoreUnavailable(MonitorError):
    """There is no store to read yet, or it is not one that this version understands."""


class StoreBroken(MonitorError):
    """The store's file is not a database that this version understands."""


class BrokerError(MonitorError):
    """The broker can't be reached, refused us, or cut the connection. Worth another try.

    Args:
        message: What happened, with the fix.
        reason: In one word, as counters and gaps have it: `unreachable`, `refused`, `closed` (by the broker),
            `broken` (without a word), `cut-off` (by Redis, because we read too slowly), `restarted`, `silent`,
            `garbled`, `internal`.
        silent: Seconds for which nothing was heard when it was noticed.
    """

    def __init__(self, message: str, reason: str = "unreachable", silent: float = 0.0) -> None:
        super().__init__(message)
        self.reason = reason
        self.silent = silent


class BackendError(MonitorError):
    """The result backend can't be asked: there is none, a library of it is missing, or it does not answer."""


class OptionError(MonitorError):
    """A task can't be sent as it was given: `field` says which part."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what caused it: libraries wrap those of others."""
    while error is not None:
        yield error
        error = error.__cause__
