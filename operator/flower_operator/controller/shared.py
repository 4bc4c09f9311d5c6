"""Reads of what many FlowerMonitors name, made once for all that ask within a moment."""

import asyncio

from flower_operator.kinds import Kind, Manifest
from flower_operator.kube import KubeApi

SECONDS = 2.0
"""How long a read serves. As a change of a Secret wakes nobody, it is found later by as much at most."""


class Shared:
    """Remembers for so long; a read that fails only until it has failed."""

    def __init__(self, api: KubeApi, seconds: float = SECONDS) -> None:
        self._api = api
        self._seconds = seconds
        self._reads: dict[tuple[Kind, str | None, str], asyncio.Task[Manifest | None]] = {}

    async def find(self, kind: Kind, namespace: str | None, name: str) -> Manifest | None:
        """Read one object as `KubeApi.find` does, or take what somebody read just now; not to be changed."""
        at = (kind, namespace, name)
        if at not in self._reads:
            self._reads[at] = asyncio.create_task(self._api.find(*at), name=f"read {kind.plural}/{name}")
            self._reads[at].add_done_callback(lambda task: self._done(at, task))
        # One who is cancelled must not take the others' read away.
        return await asyncio.shield(self._reads[at])

    def _done(self, at: tuple[Kind, str | None, str], task: "asyncio.Task[Manifest | None]") -> None:
        # All who waited may have left: without a look asyncio would complain of an exception that nobody took.
        failed = task.cancelled() or task.exception() is not None
        asyncio.get_running_loop().call_later(0.0 if failed else self._seconds, self._reads.pop, at, None)
