"""What the API server tells, and when it came."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

from bench.progress import Ticker
from flower_operator.exceptions import Gone
from flower_operator.kinds import Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.spec import Key


class Watch:
    """The objects of one kind, as they were last told. One at a time waits for them."""

    def __init__(self, api: KubeApi, kind: Kind, labels: str | None) -> None:
        self._api, self._kind, self._labels = api, kind, labels
        self._told = asyncio.Event()
        self._fresh: set[Key] = set()
        self.objects: dict[Key, Manifest] = {}
        self.at: dict[Key, float] = {}
        """When each was told (monotonic)."""

    async def run(self) -> None:
        """Hear until cancelled."""
        while True:
            objects, version = await self._api.list_at(self._kind, labels=self._labels)
            for manifest in objects:
                self._hear("ADDED", manifest)
            with contextlib.suppress(Gone):
                while True:
                    version = await self._follow(version)

    async def _follow(self, version: str) -> str:
        async for event, manifest in self._api.watch(self._kind, None, version, self._labels):
            version = manifest["metadata"]["resourceVersion"]
            if event != "BOOKMARK":
                self._hear(event, manifest)
        return version

    def _hear(self, event: str, manifest: Manifest) -> None:
        key = Key(manifest["metadata"]["namespace"], manifest["metadata"]["name"])
        if event == "DELETED":
            self.objects.pop(key, None)
        else:
            self.objects[key], self.at[key] = manifest, time.monotonic()
            self._fresh.add(key)
            self._told.set()

    async def changed(self) -> list[Key]:
        """Wait for what was told since the last call, and is still there."""
        await self._told.wait()
        self._told.clear()
        taken, self._fresh = self._fresh, set()
        return [key for key in taken if key in self.objects]

    async def until(self, holds: Callable[[Manifest], bool], count: int, what: str) -> float:
        """Wait until `count` objects were so, each at some time; when the last of them was (monotonic)."""
        ticker = Ticker()
        fine = {key: self.at[key] for key, found in self.objects.items() if holds(found)}
        while len(fine) < count:
            told = await self.changed()
            fine.update({key: self.at[key] for key in told if key not in fine and holds(self.objects[key])})
            ticker.tick(lambda: f"{what}: {len(fine):,} of {count:,}")
        return max(fine.values())


@contextlib.asynccontextmanager
async def watching(api: KubeApi, kind: Kind, labels: str | None = None) -> AsyncIterator[Watch]:
    """Hear for as long as the block lasts; the watch's death ends the block."""
    watch = Watch(api, kind, labels)
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(watch.run())
        yield watch
        hearing.cancel()
