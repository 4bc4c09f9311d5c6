"""What there is of every FlowerMonitor, listed for all of them at once.

Two things come of it. Places: which children there are that may be unwanted one day, so that they are found without a
list for each FlowerMonitor. They are kept from the first lists on by what we apply and delete: nobody else makes
objects that carry our labels, and an older version of this program has ended before we lead. And objects: what a look
that nothing in particular caused needs not read again (`listed`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from flower_operator import constants
from flower_operator.exceptions import Forbidden, KubeError, NotFound
from flower_operator.kinds import CLAIM, DEPLOYMENT, FLOWER_MONITOR, SERVICE, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.resources import integrations
from flower_operator.spec import Key

from .listed import Listed, Objects, Place, put

logger = logging.getLogger(__name__)

KINDS: Final = (*integrations.KINDS, DEPLOYMENT, SERVICE, SERVICE_ACCOUNT)
"""Kinds with places. Integrations come and go with the spec; of the others an older version may have had more, or under
other names. Never data; Secrets we may not list."""

LISTED: Final = (FLOWER_MONITOR, CLAIM, *KINDS)
"""Kinds that are listed."""

Source: TypeAlias = tuple[Kind, str | None]
"""A kind, and the namespace in which it is listed and watched; None: in all."""


class Inventory:
    """Lists at the first question, and then as `run` says."""

    def __init__(self, api: KubeApi, namespaces: tuple[str, ...]) -> None:
        self._api = api
        self._sources: list[Source] = [(kind, namespace) for kind in LISTED for namespace in namespaces or (None,)]
        self._lock = asyncio.Lock()
        self._tried = False
        """Whether the lists were made or failed: each FlowerMonitor of a start would else have them fail anew."""
        self._whole = False
        """Whether they were ever made: until then who prunes has them tried again."""
        self._places: dict[Key, set[Place]] = {}
        self._versions: dict[Source, str | None] = {}
        self.listed = Listed()

    async def run(self, monitors: Callable[[], int], age: Callable[[int], float]) -> None:
        """List again and again until cancelled, where there are more FlowerMonitors than lists to make: to read those
        few object by object is less.

        Args:
            monitors: How many there are.
            age: Seconds in which so many are all looked at once.
        """
        while True:
            await asyncio.sleep(age(monitors()))
            if monitors() > len(self._sources):
                await self._or_without(self._load)

    async def of(self, key: Key) -> frozenset[Place]:
        """Places of one FlowerMonitor, as far as they are known."""
        await self._loaded()
        return frozenset(self._places.get(key, ()))

    def add(self, key: Key, place: Place) -> None:
        """Note one that is or may be there."""
        self._places.setdefault(key, set()).add(place)

    def discard(self, key: Key, place: Place) -> None:
        """Forget one that is gone."""
        self._places.get(key, set()).discard(place)

    def forget(self, key: Key) -> None:
        """Forget those of a FlowerMonitor that is gone: Kubernetes removes them."""
        self.listed.drop(key)
        self._places.pop(key, None)

    async def version(self, source: Source) -> str | None:
        """The resourceVersion of the first list, from which a watch misses nothing; None: it can't be listed."""
        await self._loaded()
        return self._versions.get(source)

    async def take(self, key: Key) -> Mapping[Place, Manifest]:
        """Objects of one FlowerMonitor as they were listed, once, and unless one of them changed since; else none."""
        async with self._lock:
            if not (self._tried or self._whole):
                await self._or_without(self._load)
                self._tried = True
        return self.listed.take(key)

    async def _or_without(self, lists: Callable[[], Awaitable[object]]) -> None:
        try:
            await lists()
        except KubeError as error:
            logger.warning("can't list what there is, it is read one by one: %s", error)

    async def _loaded(self) -> None:
        async with self._lock:
            if not self._whole:
                await self._load()

    async def _load(self) -> None:
        """List all kinds. Nothing of it counts unless all of it is there."""
        with self.listed.listing() as found:
            # One after the other: chunks of all kinds at once are memory that a process never gives back.
            self._versions = dict([await self._list(source, found) for source in self._sources])
        self._whole = True
        for key, objects in found.items():
            for place in objects:
                if place[0] in KINDS:
                    self.add(key, place)

    async def _list(self, source: Source, found: Objects) -> tuple[Source, str | None]:
        """List one kind; none where the cluster does not have it, or where the chart is older than this program."""
        kind, namespace = source
        version = None
        try:
            async for page in self._api.pages(kind, namespace, selector(kind)):
                version = page.metadata.version
                for body in page.objects():
                    put(found, _key(kind, body["metadata"]), kind, body)
        except NotFound:
            return source, None
        except Forbidden as error:
            logger.warning("can't look for %s that are no longer wanted: %s", kind.plural, error.message)
            return source, None
        return source, version


def selector(kind: Kind) -> str | None:
    """Selects what is ours of a kind, at the API server, so that other people's objects never come here."""
    return None if kind is FLOWER_MONITOR else constants.CHILD_SELECTOR


def _key(kind: Kind, meta: Manifest) -> Key:
    """Whose an object is; a child that does not say so is nobody's."""
    name = meta["name"] if kind is FLOWER_MONITOR else (meta.get("labels") or {}).get(constants.LABEL_INSTANCE, "")
    return Key(meta["namespace"], name)
