"""Whose is an object that has the name of a child of ours? Pure."""

from enum import Enum

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.resources import metadata
from flower_operator.spec import Monitor


class Ownership(Enum):
    """The answers."""

    OURS = "ours"
    """This FlowerMonitor's, or orphaned or retained data that carries its labels: to be applied."""
    PREVIOUS = "previous"
    """A deleted FlowerMonitor's of the same name: Kubernetes is about to remove it, so wait."""
    FOREIGN = "foreign"
    """Somebody else's: never touched."""


def ownership(live: Manifest, monitor: Monitor) -> Ownership:
    """Decide by owner first, then by label; the name alone says nothing."""
    meta = live["metadata"]
    controllers = [owner for owner in meta.get("ownerReferences", []) if owner.get("controller")]
    if controllers:
        return _by_owner(controllers[0], monitor)
    found = meta.get("labels") or {}
    expected = metadata.labels(monitor)
    same = all(found.get(name) == value for name, value in expected.items())
    return Ownership.OURS if same else Ownership.FOREIGN


def _by_owner(owner: Manifest, monitor: Monitor) -> Ownership:
    if owner.get("uid") == monitor.uid:
        return Ownership.OURS
    same = owner.get("kind") == constants.KIND and owner.get("name") == monitor.name
    group = str(owner.get("apiVersion", "")).partition("/")[0]
    return Ownership.PREVIOUS if same and group == constants.GROUP else Ownership.FOREIGN
