"""Objects as lists had them, for one look at each FlowerMonitor that nothing in particular has caused.

A thousand FlowerMonitors that are read object by object are some ten thousand calls, at a start and then again and
again, mostly to find nothing new; listed they are some forty. What was listed is as good as read now while no event
has told of another version: so an event, or a write of ours, drops all that was listed of its FlowerMonitor, and what
it wakes reads anew. It serves once. Kinds that are not watched, and watches that stand still, make it older than that:
until the next lists, as long as a settled FlowerMonitor may go unlooked at anyway.

Only presence is known by it. An object that was not listed may be there without our labels, somebody else's.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from flower_operator.kinds import FLOWER_MONITOR, Kind, Manifest
from flower_operator.spec import Key

Place: TypeAlias = tuple[Kind, str]
"""Kind and name."""


@dataclass(frozen=True, slots=True, repr=False)
class Packed:
    """An object as JSON, which is a fifth of what it takes as Python's: there are thousands."""

    version: str
    """resourceVersion."""
    body: bytes


Objects: TypeAlias = dict[Key, dict[Place, Packed]]


class Listed:
    """Objects by FlowerMonitor."""

    def __init__(self) -> None:
        self._objects: Objects = {}
        self._heard: dict[tuple[Key, Place], str | None] | None = None

    @contextlib.contextmanager
    def listing(self) -> Iterator[Objects]:
        """Fill in what is listed, by `put`. It counts at the end of the block; what was told meanwhile too."""
        self._objects, self._heard = {}, {}
        found: Objects = {}
        heard = self._heard
        try:
            yield found
        finally:
            whole, self._heard = self._heard is heard, None
        if whole:
            # Children without a FlowerMonitor, such as the data of deleted ones, nobody will ask for.
            self._objects = {key: objects for key, objects in found.items() if (FLOWER_MONITOR, key.name) in objects}
            for (key, place), version in heard.items():
                self.tell(key, place, version)

    def tell(self, key: Key, place: Place, version: str | None) -> None:
        """Take note of an event or a write of ours: of which object, and its resourceVersion now; None: it is gone."""
        if self._heard is not None:
            self._heard[key, place] = version
        objects = self._objects.get(key)
        if objects is not None and (place not in objects or objects[place].version != version):
            del self._objects[key]

    def drop(self, key: Key) -> None:
        """Forget what was listed of a FlowerMonitor."""
        self._objects.pop(key, None)

    def distrust(self) -> None:
        """Forget everything, also what is being listed: events were missed."""
        self._objects = {}
        if self._heard is not None:
            self._heard = {}

    def take(self, key: Key) -> Mapping[Place, Manifest]:
        """Hand over what was listed of a FlowerMonitor; empty: nothing that still counts."""
        packed = self._objects.pop(key, {})
        return {place: msgspec.json.decode(one.body, type=Manifest) for place, one in packed.items()}


def put(found: Objects, key: Key, kind: Kind, body: Manifest) -> None:
    """Add an object that was listed: whole, since lists leave its kind out, but for what nobody asks for."""
    meta = body["metadata"]
    meta.pop("managedFields", None)
    whole = {"apiVersion": kind.api_version, "kind": kind.kind, **body}
    packed = Packed(meta["resourceVersion"], msgspec.json.encode(whole))
    found.setdefault(key, {})[kind, meta["name"]] = packed
