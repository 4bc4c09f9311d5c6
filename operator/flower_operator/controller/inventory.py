"""Which integrations there are, so that one that is no longer wanted is found without a list for each FlowerMonitor.

Listed once, when the first reconcile of this process asks, and then kept by what we apply and delete: nobody else makes
objects that carry our labels.
"""

import asyncio
import logging
from typing import TypeAlias

from flower_operator import constants
from flower_operator.exceptions import Forbidden, NotFound
from flower_operator.kinds import Kind, Manifests
from flower_operator.kube import KubeApi
from flower_operator.resources import integrations
from flower_operator.spec import Key

logger = logging.getLogger(__name__)

Place: TypeAlias = tuple[Kind, str]
"""Kind and name."""


class Inventory:
    """Kind and name of each, by FlowerMonitor."""

    def __init__(self, api: KubeApi, namespaces: tuple[str, ...]) -> None:
        self._api = api
        self._namespaces: tuple[str | None, ...] = namespaces or (None,)
        self._lock = asyncio.Lock()
        self._places: dict[Key, set[Place]] | None = None

    async def of(self, key: Key) -> frozenset[Place]:
        """Those of one FlowerMonitor, as far as they are known."""
        return frozenset((await self._loaded()).get(key, ()))

    async def add(self, key: Key, place: Place) -> None:
        """Note one that was applied."""
        (await self._loaded()).setdefault(key, set()).add(place)

    async def discard(self, key: Key, place: Place) -> None:
        """Forget one that is gone."""
        (await self._loaded()).get(key, set()).discard(place)

    def forget(self, key: Key) -> None:
        """Forget those of a FlowerMonitor that is gone: Kubernetes removes them."""
        if self._places is not None:
            self._places.pop(key, None)

    async def _loaded(self) -> dict[Key, set[Place]]:
        async with self._lock:
            if self._places is None:
                self._places = await self._load()
            return self._places

    async def _load(self) -> dict[Key, set[Place]]:
        wanted = [(kind, namespace) for kind in integrations.KINDS for namespace in self._namespaces]
        found = await asyncio.gather(*(self._list(kind, namespace) for kind, namespace in wanted))
        places: dict[Key, set[Place]] = {}
        for (kind, _), objects in zip(wanted, found, strict=True):
            for meta in (one["metadata"] for one in objects):
                name = (meta.get("labels") or {}).get(constants.LABEL_INSTANCE)
                if name:
                    places.setdefault(Key(meta["namespace"], name), set()).add((kind, meta["name"]))
        return places

    async def _list(self, kind: Kind, namespace: str | None) -> Manifests:
        """List one kind; none where the cluster does not have it, or where the chart is older than this program."""
        try:
            return await self._api.list(kind, namespace, constants.CHILD_SELECTOR)
        except NotFound:
            return []
        except Forbidden as error:
            logger.warning("can't look for %s that are no longer wanted: %s", kind.plural, error.message)
            return []
