"""What a pod suffers from, in the words of its status."""

from collections.abc import Sequence

from flower_operator import constants
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

LONGEST = 1000
"""Characters of a kubelet's or a crashed program's message that are passed on."""

PULL_REASONS = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"}
)


def diagnose(monitor: Monitor, pods: Sequence[Manifest]) -> Finding | None:
    """Look at the newest pod that is not on its way out; None when nothing is wrong with it."""
    alive = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    if not alive:
        return None
    newest = max(alive, key=lambda pod: str(pod["metadata"].get("creationTimestamp", "")))
    status = newest.get("status") or {}
    container = _container(status)
    return (
        _image(monitor, container)
        or _crash(container)
        or _configuration(container)
        or _unschedulable(status.get("conditions") or [])
    )


def _container(status: Manifest) -> Manifest:
    for container in status.get("containerStatuses") or []:
        if container["name"] == constants.CONTAINER:
            return dict(container)
    return {}


def _waiting(container: Manifest) -> Manifest:
    return (container.get("state") or {}).get("waiting") or {}


def _image(monitor: Monitor, container: Manifest) -> Finding | None:
    waiting = _waiting(container)
    if waiting.get("reason") not in PULL_REASONS:
        return None
    asked = {"spec.image": monitor.spec.image, "spec.version": monitor.spec.version}
    fields = [field for field, value in asked.items() if value]
    field = " or ".join(fields) or "the operator's --monitor-image (spec.image is not set)"
    # Only the first line, and not the back-off's own message: that one changes with each attempt.
    detail = str(waiting.get("message", "")).partition("\n")[0][:LONGEST]
    return Finding(
        Aspect.WORKLOAD,
        State.REFUSED,
        "ImagePullFailed",
        f"The image {container.get('image', '')} can't be pulled ({detail}). Correct {field}, or see that the node "
        "may pull it (spec.imagePullSecrets).",
    )


def _crash(container: Manifest) -> Finding | None:
    state, last = container.get("state") or {}, container.get("lastState") or {}
    ended = state.get("terminated") or last.get("terminated")
    if not ended or ended.get("exitCode") == 0 or container.get("ready"):
        return None
    if ended.get("reason") == "OOMKilled":
        message = "The monitor used more memory than it may. Raise spec.resources.limits.memory."
        return Finding(Aspect.WORKLOAD, State.REFUSED, "OOMKilled", message)
    said = str(ended.get("message") or "it left no message; see kubectl logs --previous").strip()
    return Finding(
        Aspect.WORKLOAD,
        State.FAILING,
        "CrashLoopBackOff",
        f"The monitor stopped with exit code {ended.get('exitCode')}: {said[-LONGEST:]}",
    )


def _configuration(container: Manifest) -> Finding | None:
    waiting = _waiting(container)
    if waiting.get("reason") not in ("CreateContainerConfigError", "CreateContainerError", "RunContainerError"):
        return None
    message = f"The container can't be created: {str(waiting.get('message', ''))[:LONGEST]}"
    return Finding(Aspect.WORKLOAD, State.FAILING, str(waiting["reason"]), message)


def _unschedulable(conditions: Sequence[Manifest]) -> Finding | None:
    for condition in conditions:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return Finding(
                Aspect.WORKLOAD,
                State.FAILING,
                "Unschedulable",
                f"No node takes the pod: {str(condition.get('message', ''))[:LONGEST]} "
                "Look at spec.resources.requests and spec.podTemplate.",
            )
    return None
