"""How many monitors a new image of the operator's starts anew at the same time.

An upgrade of the operator brings most monitors a new image. Were all given it at once, all of a cluster would be blind
together for as long as their pods take, and an image that does not start would take them all.
"""

from collections.abc import Callable, Sequence
from typing import Final

from flower_operator.kinds import DEPLOYMENT, Manifest
from flower_operator.resources.render import Child
from flower_operator.spec import Key, Monitor

from .checks.workload import available
from .ownership import Ownership, ownership

PATIENCE: Final = 600.0
"""Seconds after which a monitor that does not come back holds up no other one: the progress deadline of its
Deployment. Nothing may wedge an upgrade for good, and one that breaks monitors breaks `limit` of them in that time."""


class Upgrades:
    """Monitors that were given a new image and are not back yet. In memory: who leads next begins to count anew."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        """`limit`: how many may be away at the same time."""
        self._limit = limit
        self._clock = clock
        self._away: dict[Key, float] = {}
        """Until when each counts."""

    def waits(self, monitor: Monitor, children: Sequence[Child], live: Manifest | None) -> bool:
        """Whether the Deployment has to stay as it is until others are back; if not, the monitor counts from now on."""
        if live is None or not _upgrades(monitor, children, live):
            return False
        now = self._clock()
        self._away = {key: until for key, until in self._away.items() if until > now}
        if monitor.key not in self._away:
            if len(self._away) >= self._limit:
                return True
            self._away[monitor.key] = now + PATIENCE
        return False

    def saw(self, monitor: Monitor, deployment: Manifest | None) -> None:
        """Count a monitor no more that is back, or that was not touched."""
        if deployment is None or monitor.spec.suspend or available(deployment):
            self.forget(monitor.key)

    def forget(self, key: Key) -> None:
        """Count a monitor no more that is gone."""
        self._away.pop(key, None)


def _upgrades(monitor: Monitor, children: Sequence[Child], live: Manifest) -> bool:
    """Whether a monitor that serves would get another image, though nobody changed its spec: what a person asks for
    is done at once, and who does not serve has nothing to lose."""
    edited = monitor.generation != monitor.status.get("observedGeneration")
    if edited or monitor.spec.suspend or not available(live) or ownership(live, monitor) is not Ownership.OURS:
        return False
    wanted = next(child.manifest for child in children if child.kind is DEPLOYMENT)
    return _image(wanted) != _image(live)


def _image(deployment: Manifest) -> str:
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])
