"""The volume that the history is kept on."""

from flower_operator import units
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .metadata import claim_name, data_meta


def claim(monitor: Monitor, current_size: str | None) -> Manifest:
    """Render the PersistentVolumeClaim. A retained one that is larger than the spec keeps its size."""
    storage = monitor.spec.storage
    size = storage.size
    if current_size is not None and units.amount(current_size) >= units.amount(size):
        size = current_size
    spec: Manifest = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": size}},
    }
    if storage.storage_class_name is not None:
        spec["storageClassName"] = storage.storage_class_name
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": data_meta(monitor, claim_name(monitor)),
        "spec": spec,
    }
