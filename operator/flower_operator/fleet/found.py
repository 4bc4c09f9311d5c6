"""What a search over all monitors says. Pure; these types are also the source of the OpenAPI document."""

import msgspec


class FoundTask(msgspec.Struct):
    """A task, as its monitor shows it in a list; the monitor has more of it."""

    uuid: str
    state: str
    name: str | None = None
    worker: str | None = None
    received: float | None = None
    """Epoch seconds."""


class FoundWorker(msgspec.Struct):
    """A Celery worker."""

    hostname: str
    state: str


class FoundAt(msgspec.Struct):
    """What one monitor has."""

    namespace: str
    name: str
    tasks: list[FoundTask] = []
    workers: list[FoundWorker] = []
    more: bool = False
    """There is more there, or may be: not all that it keeps was looked at. Search in the monitor itself."""


class Unanswered(msgspec.Struct):
    """A monitor that has not answered, or not to the end."""

    namespace: str
    name: str
    reason: str


class SearchResult(msgspec.Struct):
    """What was found until the deadline."""

    query: str
    items: list[FoundAt]
    """By namespace and name of the monitor; those that have nothing are left out."""
    unanswered: list[Unanswered]
    """What was looked for may be there, too."""
    asked: int
    """Monitors that were asked."""
    seconds: float
    """How long it took."""
