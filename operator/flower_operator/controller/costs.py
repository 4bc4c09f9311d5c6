"""Writes what workers' pods cost a ReplicaSet that is scaled down (`spec.workerPods.deletionCost`), and takes it off.

Which pods have costs of ours is in the status before the first of them has one: by that they are found when the option,
or the labels, are others, also by a process that was started since.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from flower_operator.exceptions import Conflict, Forbidden, KubeError, NotFound
from flower_operator.kinds import POD, Manifests
from flower_operator.kube import KubeApi
from flower_operator.resources import deletion_cost
from flower_operator.resources.deletion_cost import Change
from flower_operator.spec import Key, Monitor

from . import rights
from .checks import costs as say
from .findings import Finding
from .observation import Observation
from .status import COSTS

EVERY = 30.0
"""Seconds between two passes over the pods of one FlowerMonitor, at least: each change of a pod is told to all who
watch pods, and Kubernetes asks that costs be changed seldom."""

MOST = 100
"""Pods that a pass writes to, at most."""

MOST_REFUSED = 5
"""Refusals after which a pass ends: one pod that a policy protects keeps no other from its cost, and a webhook that is
down, which makes each of them wait, holds nothing up."""

Count: TypeAlias = Callable[[str], None]
"""Told what became of a cost: `set`, `removed`, `left` (the pod is gone, or somebody was faster) or `refused`."""


class Settled(NamedTuple):
    """What there is now."""

    selector: str | None
    """Selector of the pods that have costs of ours, or may soon have."""
    finding: Finding | None = None
    """What stands in the way."""


class DeletionCosts:
    """Remembers when it last wrote for which FlowerMonitor, and where it may."""

    def __init__(self, api: KubeApi, clock: Callable[[], float], count: Count) -> None:
        self._api = api
        self._clock = clock
        self._count = count
        self._due: dict[Key, float] = {}
        self._refused: dict[Key, Finding] = {}
        self._may: set[str] = set()
        """Namespaces in which we had the right when we last asked."""

    def forget(self, key: Key) -> None:
        """Drop what is remembered of a FlowerMonitor that is gone."""
        self._due.pop(key, None)
        self._refused.pop(key, None)

    async def settle(self, monitor: Monitor, pods: Manifests, answer: Observation | None) -> Settled:
        """Bring the costs of its workers' pods to what they run; those that it asked for before come off first.

        Args:
            monitor: Whose workers they are.
            pods: Those that it selects.
            answer: What its monitor said last.
        """
        wanted, held = deletion_cost.wanted(monitor), monitor.status.get(COSTS)
        if held is not None and held != wanted:
            return await self._release(monitor, held, wanted)
        if wanted is None:
            return Settled(None)
        if not await self._allowed(monitor.namespace):
            return Settled(wanted, say.pods_unpatchable(monitor))
        if held is None or answer is None or answer.active is None:
            unread = answer and answer.unread
            return Settled(wanted, say.workers_unread(unread) if unread else None)
        ours = deletion_cost.manager(monitor)
        refused = await self._write(monitor, deletion_cost.changes(pods, answer.active, ours))
        foreign = deletion_cost.others(pods, ours)
        return Settled(wanted, refused or (say.cost_not_ours(foreign) if foreign else None))

    async def _release(self, monitor: Monitor, held: str, wanted: str | None) -> Settled:
        """Take all of them off; only then are those begun that are wanted now."""
        try:
            pods = await self._api.list(POD, monitor.namespace, held)
        except Forbidden:
            return Settled(held, say.costs_remain(monitor, held, "list"))
        changes = deletion_cost.releases(pods, deletion_cost.manager(monitor))
        if not changes:
            self._refused.pop(monitor.key, None)
            return Settled(wanted)
        if not await self._allowed(monitor.namespace):
            return Settled(held, say.costs_remain(monitor, held, "patch"))
        return Settled(held, await self._write(monitor, changes))

    async def _allowed(self, namespace: str) -> bool:
        """Whether we may patch pods there. Asked, not tried: who has no right learns it before a pod is busy."""
        if namespace not in self._may and await rights.allowed(self._api, rights.PATCH_PODS, "patch", namespace):
            self._may.add(namespace)
        return namespace in self._may

    async def _write(self, monitor: Monitor, changes: list[Change]) -> Finding | None:
        """Write the first of them, if the time for it has come; what was refused stands until the next time."""
        key, now = monitor.key, self._clock()
        if not changes:
            self._refused.pop(key, None)
        elif now >= self._due.get(key, now):
            self._due[key] = now + EVERY
            self._refused.pop(key, None)
            if refused := await self._pass(monitor, changes[:MOST]):
                self._refused[key] = refused[0]
        return self._refused.get(key)

    async def _pass(self, monitor: Monitor, changes: list[Change]) -> list[Finding]:
        """Write them one by one; what was refused."""
        refused: list[Finding] = []
        for change in changes:
            if len(refused) == MOST_REFUSED:
                break
            if (finding := await self._put(monitor, change)) is not None:
                refused.append(finding)
        return refused

    async def _put(self, monitor: Monitor, change: Change) -> Finding | None:
        """Write one. That it can't be is nothing that keeps the monitor from anything."""
        wanted, manager = deletion_cost.body(monitor.namespace, change), deletion_cost.manager(monitor)
        try:
            await self._api.apply(POD, monitor.namespace, wanted, manager, force=False)
        except (Conflict, NotFound):
            self._count("left")
            return None
        except KubeError as error:
            if error.transient and error.status < 500:
                raise
            self._count("refused")
            self._may.discard(monitor.namespace)
            return say.cost_not_taken(change.pod, error)
        self._count("set" if change.cost else "removed")
        return None
