"""What kubelet and provisioner would say of pods and volumes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bench.controlplane.crowd import each
from bench.controlplane.watching import Watch, watching
from flower_operator.constants import CHILD_SELECTOR
from flower_operator.exceptions import NotFound
from flower_operator.kinds import CLAIM, POD, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.spec import Key

PHASE = {POD: "Running", CLAIM: "Bound"}
"""What becomes of each."""


@contextlib.asynccontextmanager
async def node(api: KubeApi) -> AsyncIterator[None]:
    """Let every pod of a monitor become ready, and every claim bound, for as long as the block lasts."""
    async with (
        watching(api, POD, CHILD_SELECTOR) as pods,
        watching(api, CLAIM, CHILD_SELECTOR) as claims,
        asyncio.TaskGroup() as group,
    ):
        serving = [group.create_task(_serve(api, kind, watch)) for kind, watch in ((POD, pods), (CLAIM, claims))]
        yield
        for task in serving:
            task.cancel()


async def _serve(api: KubeApi, kind: Kind, watch: Watch) -> None:
    async def settle(key: Key) -> None:
        # One that is gone by now needs nothing.
        with contextlib.suppress(NotFound):
            await api.merge(kind, key.namespace, key.name, {"status": status(kind)}, sub="status")

    while True:
        told = await watch.changed()
        await each([key for key in told if waits(kind, watch.objects[key])], settle)


def waits(kind: Kind, manifest: Manifest) -> bool:
    """Whether it is not yet what it will be."""
    going = "deletionTimestamp" in manifest["metadata"]
    return not going and (manifest.get("status") or {}).get("phase") != PHASE[kind]


def status(kind: Kind) -> Manifest:
    """What is written."""
    if kind is CLAIM:
        return {"phase": PHASE[kind]}
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}
    return {"phase": PHASE[kind], "conditions": [ready]}
