"""The fleet's own cluster and the others, seen as one."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from fastapi import HTTPException

from flower_operator.exceptions import KubeError
from flower_operator.fleet.cluster import Cluster
from flower_operator.fleet.found import SearchResult, UnseenCluster, together
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.others import Others
from flower_operator.fleet.roster import Entry
from flower_operator.fleet.sight import refusal
from flower_operator.fleet.view import ClusterView

log = logging.getLogger(__name__)


class Clusters:
    """What somebody sees of all of them.

    When its own cluster can't say what somebody may see, KubeError is raised; when another can't, nothing of that one
    is seen, and its trouble tells why.

    Args:
        own: The cluster that the fleet is in.
        others: The others; default None: they are not wanted.
    """

    def __init__(self, own: Cluster, others: Others | None = None) -> None:
        self.own = own
        self._others = others

    @property
    def others(self) -> Mapping[str, Cluster]:
        """The others by name."""
        return {} if self._others is None else self._others.watched()

    def get(self, name: str | None) -> Cluster:
        """One cluster, None: the fleet's own; 404 for one that is not watched."""
        if name is None:
            return self.own
        cluster = self.others.get(name)
        if cluster is None:
            raise HTTPException(404, f"This fleet watches no cluster {name}; its Secret may lack, or be wrong.")
        return cluster

    def view(self) -> ClusterView:
        """The fleet's own cluster."""
        return self.own.view(self._others.trouble if self._others else None)

    def views(self) -> list[ClusterView]:
        """The others by name, also those that there is nothing to see of."""
        return self._others.views() if self._others else []

    async def seen(self, who: Identity) -> list[Entry]:
        """All monitors that somebody sees, by cluster (the fleet's own first), namespace and name; empty: none."""
        parts = await asyncio.gather(
            self.own.sight.seen(who), *(_seen_there(cluster, who) for cluster in self.others.values())
        )
        return [entry for part in parts for entry in part]

    async def entries(self, who: Identity) -> list[Entry]:
        """The same; 403 for one who may see none."""
        entries = await self.seen(who)
        if not entries and not await self.own.sight.everywhere(who):
            raise HTTPException(403, refusal(who, "any namespace that has one"))
        return entries

    async def search(self, who: Identity, text: str, seconds: float) -> SearchResult:
        """What is found in the monitors that somebody sees, within so many seconds; 403 for one who sees none."""
        await self.entries(who)
        others = self.others.values()
        own, there = await asyncio.gather(
            self.own.searcher.search(who, text, seconds),
            asyncio.gather(*(_search_there(cluster, who, text, seconds) for cluster in others)),
        )
        unseen = [UnseenCluster(str(view.name), view.trouble) for view in self.views() if view.trouble]
        return together([own, *(result for result in there if result is not None)], unseen)


async def _seen_there(cluster: Cluster, who: Identity) -> Sequence[Entry]:
    try:
        return await cluster.sight.seen(who)
    except KubeError as error:
        log.debug("Cluster %s can't say what %s may see: %s", cluster.name, who.name, error)
        return ()


async def _search_there(cluster: Cluster, who: Identity, text: str, seconds: float) -> SearchResult | None:
    try:
        return await cluster.searcher.search(who, text, seconds)
    except KubeError as error:
        log.debug("Cluster %s can't say what %s may see: %s", cluster.name, who.name, error)
        return None
