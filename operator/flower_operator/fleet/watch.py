"""Keeps the roster's monitors as the API server has them: a full list, then a watch, and a list again when in doubt."""

import asyncio
import logging
import random
import time

from flower_operator.exceptions import Forbidden, Gone, KubeError, NotFound
from flower_operator.fleet.monitors import key_of, monitor_of
from flower_operator.fleet.roster import Roster
from flower_operator.kinds import FLOWER_MONITOR, Manifest
from flower_operator.kube import KubeApi

log = logging.getLogger(__name__)

RELIST = 600.0
"""Seconds after which everything is listed again although the watch is well: no error of ours lasts longer."""
BACKOFF = 1.0
"""Seconds before the second try; doubles with each failure."""
BACKOFF_MAX = 15.0
"""Longest pause between tries: an API server that is back is noticed this soon."""


class MonitorWatch:
    """Lists and watches FlowerMonitors until cancelled."""

    def __init__(self, api: KubeApi, roster: Roster, namespace: str | None) -> None:
        self.listed_at: float | None = None
        """When the last full list succeeded, epoch seconds; None: never."""
        self.heard_at: float | None = None
        """When the API server last said anything, bookmarks included."""
        self.trouble: str | None = None
        """Why the fleet can't see FlowerMonitors just now."""
        self._api = api
        self._roster = roster
        self._namespace = namespace
        self._where = place_in_log(roster.cluster)

    async def run(self) -> None:
        """List and watch; after trouble wait a little and list again."""
        failures = 0
        while True:
            before = self.listed_at
            try:
                await self._follow(await self._list())
            except Gone:
                log.info("The API server forgot what the watch is at; listing again.")
            except KubeError as error:
                self._note(explain(error, self._roster.cluster))
                log.warning("%s%s Trying again.", self._where, self.trouble)
                failures = 1 if self.listed_at != before else failures + 1
                await asyncio.sleep(backoff(failures))

    async def _list(self) -> str:
        manifests, version = await self._api.list_at(FLOWER_MONITOR, self._namespace)
        self._roster.replace_all((monitor_of(manifest) for manifest in manifests), self._namespace)
        self.listed_at = self.heard_at = time.time()
        self._note(None)
        return version

    def _note(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._roster.changes.bump()

    async def _follow(self, version: str) -> None:
        # The server ends a watch by itself every few minutes: the next one goes on where that one was.
        listed = time.monotonic()
        while time.monotonic() - listed < RELIST:
            async for event, manifest in self._api.watch(FLOWER_MONITOR, self._namespace, version):
                version = manifest["metadata"]["resourceVersion"]
                self.heard_at = time.time()
                self._apply(event, manifest)
            # Keeps a server that ends each watch at once from being asked in a tight loop.
            await asyncio.sleep(backoff(1))

    def _apply(self, event: str, manifest: Manifest) -> None:
        if event == "DELETED":
            self._roster.remove(key_of(manifest))
        elif event in ("ADDED", "MODIFIED"):
            self._roster.put(monitor_of(manifest))


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row, half of it chance: replicas must not come back in step."""
    # Bounded before it is raised to: an API server that is away for hours would overflow a float.
    pause = min(BACKOFF * 2.0 ** min(failures - 1, 10), BACKOFF_MAX)
    return pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def place_in_log(cluster: str | None) -> str:
    """What a line of the log begins with that is about a cluster; None: the fleet's own."""
    return "" if cluster is None else f"Cluster {cluster}: "


def explain(error: KubeError, cluster: str | None = None) -> str:
    """What is wrong, and what to do, in a sentence; `cluster`: which other cluster it is of, None: the fleet's own."""
    if isinstance(error, NotFound):
        return (
            "The cluster knows no FlowerMonitors: install the CRD (the chart's crds.install, or kubectl apply -f crds)."
        )
    if isinstance(error, Forbidden) and cluster is not None:
        return f"The kubeconfig's account may not list and watch FlowerMonitors there: {error.message}."
    if isinstance(error, Forbidden):
        return (
            f"The fleet's ServiceAccount may not list and watch FlowerMonitors; see the chart's RBAC. {error.message}"
        )
    return f"The API server does not answer as it should: {error}."
