"""The watches of a fleet, seen as one: of the whole cluster, or of each namespace that it may look at."""

import asyncio
from collections.abc import Sequence

from flower_operator.fleet.roster import Roster
from flower_operator.fleet.watch import MonitorWatch
from flower_operator.kube import KubeApi


class Watches:
    """Lists and watches FlowerMonitors until cancelled. One namespace that is refused stops no other."""

    def __init__(self, api: KubeApi, roster: Roster, namespaces: Sequence[str] = ()) -> None:
        """`namespaces`: those that are watched; none means all of the cluster, by one watch."""
        self._watches = [MonitorWatch(api, roster, namespace) for namespace in namespaces or (None,)]

    @property
    def listed_at(self) -> float | None:
        """When the oldest of the last full lists succeeded, epoch seconds; None: none has yet, or one is still at it.

        A namespace that is refused from the start does not count: its trouble is told, and the others are shown.
        """
        if any(watch.listed_at is None and watch.trouble is None for watch in self._watches):
            return None
        return _oldest([watch.listed_at for watch in self._watches])

    @property
    def heard_at(self) -> float | None:
        """When the API server last said anything, of the watch that is silent longest; None: it never did."""
        return _oldest([watch.heard_at for watch in self._watches])

    @property
    def trouble(self) -> str | None:
        """Why the fleet can't see FlowerMonitors just now, of the first that can't."""
        return next((watch.trouble for watch in self._watches if watch.trouble), None)

    async def run(self) -> None:
        """All of them."""
        async with asyncio.TaskGroup() as group:
            for watch in self._watches:
                group.create_task(watch.run())


def _oldest(times: Sequence[float | None]) -> float | None:
    return min((time for time in times if time is not None), default=None)
