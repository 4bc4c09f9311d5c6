"""The objects of a fleet. Pure."""

from collections.abc import Iterator

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Key

OPERATOR = "flower-operator"
"""Namespace of the Lease and of the fleet's Secret."""

PER_NAMESPACE = 50
"""FlowerMonitors of one namespace."""

CLASS = "bench"
"""The storage class, for which nothing provisions."""

ANNOTATION = "bench.flower-operator.io/change"
"""What a change puts on a child."""


def keys(count: int) -> list[Key]:
    """The FlowerMonitors."""
    return [Key(f"team-{number // PER_NAMESPACE:03}", f"app-{number % PER_NAMESPACE:02}") for number in range(count)]


def namespaces(monitors: list[Key]) -> list[str]:
    """Theirs, and the operator's."""
    return [OPERATOR, *sorted({key.namespace for key in monitors})]


def namespace(name: str) -> Manifest:
    """A Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def storage_class() -> Manifest:
    """A StorageClass of nobody's."""
    head = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": CLASS}}
    return {**head, "provisioner": "example.com/none"}


def broker() -> Manifest:
    """The Secret that all FlowerMonitors of a namespace share."""
    url = {"url": "redis://:throw-away@broker:6379/0"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "broker"}, "stringData": url}


def monitor(key: Key) -> Manifest:
    """A FlowerMonitor with what most will say: a broker by Secret, and a volume."""
    return {
        "apiVersion": constants.API_VERSION,
        "kind": constants.KIND,
        "metadata": {"name": key.name, "namespace": key.namespace},
        "spec": {"broker": {"urlSecretRef": {"name": "broker", "key": "url"}}, "storage": {"storageClassName": CLASS}},
    }


def change(value: str) -> Manifest:
    """A patch of a FlowerMonitor that changes its Service and starts no pod anew."""
    return {"spec": {"service": {"annotations": {ANNOTATION: value}}}}


def touch(value: str) -> Manifest:
    """A patch of a child that wakes its FlowerMonitor, and leaves it nothing to do."""
    return {"metadata": {"annotations": {ANNOTATION: value}}}


def changed_to(manifest: Manifest | None) -> str | None:
    """What a change has put on a child."""
    return None if manifest is None else (manifest["metadata"].get("annotations") or {}).get(ANNOTATION)


def conditions(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Type and status of each."""
    for one in (manifest.get("status") or {}).get("conditions", []):
        yield one["type"], one["status"]


def told(manifest: Manifest) -> bool:
    """Whether the status speaks of the spec as it is: then all children were applied."""
    status = manifest.get("status") or {}
    return bool(status.get("observedGeneration") == manifest["metadata"]["generation"])


def ready(manifest: Manifest) -> bool:
    """Whether the FlowerMonitor is."""
    return told(manifest) and ("Ready", "True") in conditions(manifest)


def reached(manifest: Manifest) -> bool:
    """Whether its monitor has answered the controller, too."""
    return ready(manifest) and ("BrokerReachable", "True") in conditions(manifest)
