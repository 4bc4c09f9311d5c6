"""Another cluster as its Secret has it, and what has come of it."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence

import msgspec

from flower_operator.constants import LABEL_CLUSTER
from flower_operator.fleet.cluster import Cluster, Elsewhere, other_cluster
from flower_operator.fleet.far import opened
from flower_operator.fleet.kubeconfig import Access, BadKubeconfig, access_of, cluster_of, operator_namespace_of
from flower_operator.fleet.rights import Role
from flower_operator.fleet.roster import Revision
from flower_operator.fleet.view import ClusterView
from flower_operator.fleet.watch import backoff
from flower_operator.kinds import Manifest

log = logging.getLogger(__name__)


class Neighbour:
    """Watches the cluster that a Secret leads to, from `start` to `stop`, or says why it can't.

    Args:
        secrets: Those that lead to it: one, or else nobody knows which is meant.
        password_role: What the password of the fleet's Secret makes its owner in the monitors.
        changes: Moves when anything that is shown changes.
    """

    def __init__(self, secrets: Sequence[Manifest], password_role: Role, changes: Revision) -> None:
        self.name = cluster_of(secrets[0])
        self.cluster: Cluster | None = None
        """None: there is nothing to see of it."""
        self._secrets = secrets
        self._password_role = password_role
        self._changes = changes
        self._trouble: str | None = None
        self._task: asyncio.Task[None] | None = None

    def view(self) -> ClusterView:
        """The cluster as the API shows it."""
        return ClusterView(self.name, None, self._trouble) if self.cluster is None else self.cluster.view()

    def start(self) -> None:
        """Connect and watch, without waiting for either."""
        try:
            access = self._access()
        except BadKubeconfig as error:
            self._tell(error)
        else:
            self._task = asyncio.create_task(self._keep_alive(access), name=f"cluster {self.name}")

    async def stop(self) -> None:
        """End it. What was shown of the cluster is gone."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _access(self) -> Access:
        if len(self._secrets) > 1:
            raise BadKubeconfig(f"they have the same label {LABEL_CLUSTER}={self.name}; give each another")
        return access_of(self._secrets[0])

    async def _keep_alive(self, access: Access) -> None:
        failures = 0
        while True:
            try:
                await self._live(access)
            except BadKubeconfig as error:
                self._tell(error)
                return
            except Exception:  # what another cluster's server answers must not end this fleet
                failures += 1
                self._trouble = "The fleet met an error of its own there; its log has the traceback."
                log.exception("Cluster %s: %s Trying again.", self.name, self._trouble)
            await asyncio.sleep(backoff(failures))

    async def _live(self, access: Access) -> None:
        secret = self._secrets[0]
        there = operator_namespace_of(secret, default=secret["metadata"]["namespace"])
        async with opened(access) as far:
            where = Elsewhere(self.name, access.server, there, self._password_role)
            cluster = self.cluster = other_cluster(where, far, self._changes)
            try:
                async with asyncio.TaskGroup() as group:
                    for part, work in cluster.work().items():
                        group.create_task(work, name=f"{part} of {self.name}")
            finally:
                cluster.proxy.close()
                self.cluster = None
                self._changes.bump()

    def _tell(self, error: BadKubeconfig) -> None:
        secrets = ", ".join(f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in self._secrets)
        self._trouble = f"Secret {secrets} leads to no cluster: {error}."
        self._changes.bump()
        log.warning("Cluster %s is not shown. %s", self.name, self._trouble)


def digest_of(secrets: Sequence[Manifest]) -> bytes:
    """Of what some Secrets say, and not of what Kubernetes notes about them."""
    said = [
        (one["metadata"]["name"], one["metadata"].get("annotations") or {}, one.get("data") or {}) for one in secrets
    ]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).digest()
