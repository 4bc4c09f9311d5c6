"""What a search over all monitors says. Pure; these types are also the source of the OpenAPI document."""

from collections.abc import Sequence

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
    cluster: str | None = None
    """Null: the fleet's own."""
    more: bool = False
    """There is more there, or may be: not all that it keeps was looked at. Search in the monitor itself."""


class Unanswered(msgspec.Struct):
    """A monitor that has not answered, or not to the end."""

    namespace: str
    name: str
    reason: str
    cluster: str | None = None
    """Null: the fleet's own."""


class UnseenCluster(msgspec.Struct):
    """Another cluster of which not all monitors could be asked, or none."""

    cluster: str
    reason: str


class SearchResult(msgspec.Struct):
    """What was found until the deadline."""

    query: str
    items: list[FoundAt]
    """By cluster (the fleet's own first), namespace and name of the monitor; those that have nothing are left out."""
    unanswered: list[Unanswered]
    """What was looked for may be there, too."""
    asked: int
    """Monitors that were asked."""
    seconds: float
    """How long it took."""
    clusters: list[UnseenCluster] = []
    """What was looked for may be there, too."""


def together(results: Sequence[SearchResult], clusters: list[UnseenCluster]) -> SearchResult:
    """One result of those of several clusters that were asked at the same time; of at least one."""
    return SearchResult(
        query=results[0].query,
        items=[found for result in results for found in result.items],
        unanswered=[one for result in results for one in result.unanswered],
        asked=sum(result.asked for result in results),
        seconds=max(result.seconds for result in results),
        clusters=clusters,
    )
