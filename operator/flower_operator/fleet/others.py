"""The other clusters: those to which a labelled Secret of the fleet's namespace has a kubeconfig.

Each lives by itself. One whose Secret is wrong or whose API server is away says so, and takes nothing from the others.
"""

import asyncio
import logging
from contextlib import aclosing
from typing import NamedTuple

from flower_operator.constants import LABEL_CLUSTER
from flower_operator.exceptions import Forbidden, Gone, KubeError
from flower_operator.fleet.cluster import Cluster
from flower_operator.fleet.kubeconfig import cluster_of
from flower_operator.fleet.neighbour import Neighbour, digest_of
from flower_operator.fleet.rights import Role
from flower_operator.fleet.roster import Revision
from flower_operator.fleet.view import ClusterView
from flower_operator.fleet.watch import backoff
from flower_operator.kinds import SECRET, Manifest, Manifests
from flower_operator.kube import KubeApi

log = logging.getLogger(__name__)


class _Kept(NamedTuple):
    digest: bytes
    """Of what the Secret says: where it is another, the cluster is begun anew."""
    neighbour: Neighbour


class Others:
    """The other clusters.

    Args:
        api: Of the fleet's own cluster.
        namespace: Where the Secrets are.
        password_role: What the password of the fleet's Secret makes its owner in all monitors.
        changes: Moves when anything that is shown changes.
    """

    def __init__(self, api: KubeApi, namespace: str, password_role: Role, changes: Revision) -> None:
        self.trouble: str | None = None
        """Why the Secrets can't be listed just now."""
        self._api = api
        self._namespace = namespace
        self._password_role = password_role
        self._changes = changes
        self._kept: dict[str, _Kept] = {}

    def watched(self) -> dict[str, Cluster]:
        """Those that there is something to see of, by name."""
        clusters = {name: self._kept[name].neighbour.cluster for name in sorted(self._kept)}
        return {name: cluster for name, cluster in clusters.items() if cluster is not None}

    def views(self) -> list[ClusterView]:
        """All of them by name."""
        return [self._kept[name].neighbour.view() for name in sorted(self._kept)]

    async def run(self) -> None:
        """Follow the Secrets, and with them the clusters, until cancelled."""
        failures = 0
        try:
            while True:
                try:
                    await self._change(await self._list())
                    failures = 0
                except Gone:
                    log.info("The API server forgot what the watch is at; listing again.")
                except KubeError as error:
                    failures += 1
                    self._note(_explain(error, self._namespace))
                    log.warning("%s Trying again.", self.trouble)
                    await asyncio.sleep(backoff(failures))
        finally:
            for name in list(self._kept):
                await self._drop(name)

    async def _list(self) -> str:
        secrets, version = await self._api.list_at(SECRET, self._namespace, LABEL_CLUSTER)
        self._note(None)
        await self._take(secrets)
        return version

    async def _change(self, version: str) -> None:
        """Wait until a Secret changes, or for some minutes."""
        async with aclosing(self._api.watch(SECRET, self._namespace, version, LABEL_CLUSTER)) as events:
            async for event, _ in events:
                if event != "BOOKMARK":
                    return
        # Keeps a server that ends each watch at once from being asked in a tight loop.
        await asyncio.sleep(backoff(1))

    def _note(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._changes.bump()

    async def _take(self, secrets: Manifests) -> None:
        """Start what is new, what has changed anew, and end what is gone."""
        wanted: dict[str, list[Manifest]] = {}
        for secret in secrets:
            wanted.setdefault(cluster_of(secret), []).append(secret)
        digests = {name: digest_of(found) for name, found in wanted.items()}
        for name in [name for name, kept in self._kept.items() if digests.get(name) != kept.digest]:
            await self._drop(name)
        for name in digests.keys() - self._kept.keys():
            neighbour = Neighbour(wanted[name], self._password_role, self._changes)
            self._kept[name] = _Kept(digests[name], neighbour)
            neighbour.start()
        self._changes.bump()

    async def _drop(self, name: str) -> None:
        await self._kept[name].neighbour.stop()
        del self._kept[name]


def _explain(error: KubeError, namespace: str) -> str:
    if isinstance(error, Forbidden):
        return (
            f"The fleet may not list the Secrets of namespace {namespace} that lead to other clusters; set the chart's"
            f" fleet.otherClusters. {error.message}"
        )
    return f"The Secrets that lead to other clusters can't be listed: {error}."
