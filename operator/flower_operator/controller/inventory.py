"""Which children there are that may be unwanted one day, so that they are found without a list for each FlowerMonitor.

Listed once, when the first reconcile of this process asks, and then kept by what we apply and delete: nobody else makes
objects that carry our labels, and an older version of this program has ended before we lead.
"""

import asyncio
import logging
from typing import Final, TypeAlias

from flower_operator import constants
from flower_operator.exceptions import Forbidden, NotFound
from flower_operator.kinds import DEPLOYMENT, SERVICE, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.resources import integrations
from flower_operator.spec import Key

logger = logging.getLogger(__name__)

KINDS: Final = (*integrations.KINDS, DEPLOYMENT, SERVICE, SERVICE_ACCOUNT)
"""Integrations come and go with the spec; of the others an older version may have had more, or under other names. Never
data; Secrets we may not list."""

Place: TypeAlias = tuple[Kind, str]
"""Kind and name."""


class Inventory:
    """Kind and name of each, by FlowerMonitor."""

    def __init__(self, api: KubeApi, namespaces: tuple[str, ...]) -> None:
        self._api = api
        self._namespaces: tuple[str | None, ...] = namespaces or (None,)
        self._lock = asyncio.Lock()
        self._listed = False
        self._places: dict[Key, set[Place]] = {}

    async def of(self, key: Key) -> frozenset[Place]:
        """Those of one FlowerMonitor, as far as they are known."""
        async with self._lock:
            if not self._listed:
                await self._load()
                self._listed = True
        return frozenset(self._places.get(key, ()))

    def add(self, key: Key, place: Place) -> None:
        """Note one that is or may be there."""
        self._places.setdefault(key, set()).add(place)

    def discard(self, key: Key, place: Place) -> None:
        """Forget one that is gone."""
        self._places.get(key, set()).discard(place)

    def forget(self, key: Key) -> None:
        """Forget those of a FlowerMonitor that is gone: Kubernetes removes them."""
        self._places.pop(key, None)

    async def _load(self) -> None:
        wanted = [(kind, namespace) for kind in KINDS for namespace in self._namespaces]
        for found in await asyncio.gather(*(self._list(kind, namespace) for kind, namespace in wanted)):
            for key, place in found:
                self.add(key, place)

    async def _list(self, kind: Kind, namespace: str | None) -> list[tuple[Key, Place]]:
        """List one kind; none where the cluster does not have it, or where the chart is older than this program."""
        found: list[tuple[Key, Place]] = []
        try:
            async for page in self._api.pages(kind, namespace, constants.CHILD_SELECTOR):
                found += [(_key(one["metadata"]), (kind, one["metadata"]["name"])) for one in page["items"]]
        except NotFound:
            return []
        except Forbidden as error:
            logger.warning("can't look for %s that are no longer wanted: %s", kind.plural, error.message)
            return []
        return found


def _key(meta: Manifest) -> Key:
    """Whose a child is; one that does not say so is nobody's."""
    return Key(meta["namespace"], (meta.get("labels") or {}).get(constants.LABEL_INSTANCE, ""))
