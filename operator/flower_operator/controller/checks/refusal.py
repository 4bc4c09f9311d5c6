"""What to say when an object can't be ours, or when Kubernetes does not take it."""

from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.controller.ownership import Ownership
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Kind
from flower_operator.spec import Monitor

LONGEST = 600
"""Characters of the API server's message that are passed on; some list every field of an object."""


def not_ours(aspect: Aspect, kind: Kind, name: str, whose: Ownership, monitor: Monitor) -> Finding:
    """Explain why the object is left alone."""
    if whose is Ownership.PREVIOUS:
        return Finding(
            aspect,
            State.STARTING,
            "PreviousRemains",
            f"{kind.kind} {name} belongs to a deleted FlowerMonitor of this name; waiting until Kubernetes removes it.",
        )
    return Finding(
        aspect,
        _state(aspect),
        "ObjectNotOwned",
        f"{kind.kind} {name} is there already and not this FlowerMonitor's, so it is left alone. Delete or rename it, "
        f"or give the FlowerMonitor another name than {monitor.name}{_alternative(kind)}.",
    )


def _state(aspect: Aspect) -> State:
    """A monitor needs no integration in order to run."""
    return State.LACKING if aspect is Aspect.INTEGRATIONS else State.REFUSED


def _alternative(kind: Kind) -> str:
    alternatives = {
        "PersistentVolumeClaim": "; to use that volume, name it in spec.storage.existingClaim",
        "Secret": "; to use credentials of your own, name their Secret in spec.access.adminSecretRef",
    }
    return alternatives.get(kind.kind, "")


def not_grown(name: str, error: KubeError) -> Finding:
    """Explain why a volume keeps its size. The monitor goes on with it: nobody can make the size smaller again."""
    return Finding(
        Aspect.STORAGE,
        State.LACKING,
        "ResizeRefused",
        f"Kubernetes does not let PersistentVolumeClaim {name} become what spec.storage says: "
        f"{error.message[:LONGEST] or error.reason}. It keeps its size until its storage class allows it.",
    )


def not_taken(aspect: Aspect, kind: Kind, name: str, error: KubeError) -> Finding:
    """Explain what Kubernetes has against the object: a quota, a webhook, a port that is taken, missing rights."""
    return Finding(
        aspect,
        _state(aspect),
        "ApplyRefused",
        f"Kubernetes does not take {kind.kind} {name}: {error.message[:LONGEST] or error.reason}. "
        "Change the field that it names, or what forbids it.",
    )


def pods_unreadable(monitor: Monitor, error: KubeError) -> Finding:
    """Explain why the monitor is not told what became of workers' pods."""
    return Finding(
        Aspect.INTEGRATIONS,
        State.LACKING,
        "PodsUnreadable",
        f"The operator may not list pods in namespace {monitor.namespace}: {error.message[:LONGEST] or error.reason}. "
        "Let it (verb list on pods), or remove spec.workerPods.",
    )
