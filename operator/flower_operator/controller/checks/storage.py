"""Is there a volume to keep the history on?"""

from flower_operator import units
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.kinds import Manifest
from flower_operator.resources import metadata
from flower_operator.spec import Monitor

LONGEST = 600
"""Characters of a driver's message that are passed on."""


def check_claim(monitor: Monitor, claim: Manifest | None, class_missing: bool) -> Finding:
    """Say whether the claim is bound; `class_missing`: its storage class was looked for and is not there."""
    name = metadata.volume_claim(monitor)
    if claim is None:
        return _absent(monitor, name)
    if "deletionTimestamp" in claim["metadata"]:
        message = f"PersistentVolumeClaim {name} is being deleted; a new one is made when it is gone."
        return Finding(Aspect.STORAGE, State.STARTING, "ClaimTerminating", message)
    phase = (claim.get("status") or {}).get("phase", "Pending")
    if phase == "Bound":
        return _growing(claim, name) or Finding(
            Aspect.STORAGE, State.HOLDS, "Bound", f"PersistentVolumeClaim {name} is bound."
        )
    if phase == "Lost":
        return _refused(
            "ClaimLost",
            f"PersistentVolumeClaim {name} has lost its volume. Restore the volume, or delete the claim to start anew.",
        )
    return _pending(monitor, claim, name, class_missing)


def _growing(claim: Manifest, name: str) -> Finding | None:
    """Say how far a volume is that is to grow; None when it is as large as it is asked for. It works all the time."""
    wanted = (claim["spec"].get("resources") or {}).get("requests", {}).get("storage")
    has = (claim["status"].get("capacity") or {}).get("storage")
    if wanted is None or has is None or units.amount(has) >= units.amount(wanted):
        return None
    told = {one["type"]: one for one in claim["status"].get("conditions") or [] if one["status"] == "True"}
    size = f"PersistentVolumeClaim {name} has {has} and is to have {wanted}"
    for kind in ("ControllerResizeError", "NodeResizeError"):
        if kind in told:
            message = f"{size}: {str(told[kind].get('message', ''))[:LONGEST]} The storage driver tries again."
            return Finding(Aspect.STORAGE, State.LACKING, "ResizeFailed", message)
    if "FileSystemResizePending" in told:
        message = f"{size}: its file system grows when the pod starts anew, at the latest: delete the pod, or wait."
        return Finding(Aspect.STORAGE, State.HOLDS, "ResizePending", message)
    return Finding(Aspect.STORAGE, State.HOLDS, "ResizePending", f"{size}: the storage driver is at it.")


def _refused(reason: str, message: str) -> Finding:
    return Finding(Aspect.STORAGE, State.REFUSED, reason, message)


def _absent(monitor: Monitor, name: str) -> Finding:
    if monitor.spec.storage.existing_claim is None:
        return Finding(Aspect.STORAGE, State.STARTING, "ClaimCreated", f"PersistentVolumeClaim {name} was created.")
    return _refused(
        "ClaimNotFound",
        f"There is no PersistentVolumeClaim {name} in namespace {monitor.namespace}. Create it, or correct "
        "spec.storage.existingClaim.",
    )


def _pending(monitor: Monitor, claim: Manifest, name: str, class_missing: bool) -> Finding:
    storage_class = claim["spec"].get("storageClassName")
    if not storage_class:
        return _refused(
            "NoStorageClass",
            f"PersistentVolumeClaim {name} has no storage class, and the cluster has no default. "
            "Set spec.storage.storageClassName on a new FlowerMonitor, or make a class the default.",
        )
    if class_missing:
        return _refused(
            "StorageClassNotFound",
            f"There is no storage class {storage_class} (spec.storage.storageClassName). Create it, or delete this "
            f"FlowerMonitor and PersistentVolumeClaim {name} and name another.",
        )
    # A class may bind with the first pod only, and while suspended there is none: nothing is under way.
    return Finding(
        Aspect.STORAGE,
        State.IDLE if monitor.spec.suspend else State.STARTING,
        "ClaimPending",
        f"PersistentVolumeClaim {name} of storage class {storage_class} is not bound yet. "
        f"When this lasts: kubectl describe pvc {name}.",
    )
